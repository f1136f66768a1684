"""Qualification review and the accepted list (E1–E3)."""
