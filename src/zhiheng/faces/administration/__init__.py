"""Units, users, roles, mail, calendar years, health."""
