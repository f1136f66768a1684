"""The one place that sees the whole line."""
