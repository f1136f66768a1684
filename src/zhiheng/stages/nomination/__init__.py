"""Bonus, final scores and the candidate list (H1–H3)."""
