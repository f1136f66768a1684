"""The hash-chained journal of all acts."""
