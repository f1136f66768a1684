"""Scoring and consensus."""
