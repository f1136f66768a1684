"""The working place: what every signed-in role shares."""
