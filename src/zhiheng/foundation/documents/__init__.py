"""Office files: official documents (word), tables (sheet), and reading tables back in (reading). The same input gives the same bytes."""
