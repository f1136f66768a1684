"""The pages of a draw."""
