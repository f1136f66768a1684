"""Demo mode: pick a role, move the clock, take the tour."""
