"""The recommenders' check, publicity, opinion and recommendation (D4)."""
