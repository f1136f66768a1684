"""Site visits (G2–G5)."""
