"""The expert's pages."""
