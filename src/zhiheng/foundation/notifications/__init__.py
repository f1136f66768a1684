"""Messages to people and units."""
