"""Reading the journal and following any thread."""
