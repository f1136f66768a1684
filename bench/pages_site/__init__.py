"""The site that bench/pages.py measures: ours, and one bare signed-in view beside it."""
