"""The expert library, conflicts, panels and draws (F1, G1, K7)."""
