"""Rule packs and calendars as loaded and pinned."""
