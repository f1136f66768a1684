"""The committee's meeting room."""
