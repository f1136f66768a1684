"""Pages by audience, the command line."""
