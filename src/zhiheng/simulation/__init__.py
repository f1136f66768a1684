"""Plays that drive the acts: the demo cycles and whole simulated ones."""
