"""People, units, accounts and role grants."""
