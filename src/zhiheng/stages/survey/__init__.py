"""The public satisfaction survey of individuals (F5)."""
