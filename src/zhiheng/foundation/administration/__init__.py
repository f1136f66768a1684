"""Acts of the platform itself: roles, the calendar, opening cycles."""
