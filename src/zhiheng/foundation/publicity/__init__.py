"""Public notices, working-day clocks and objections (L2)."""
