"""The regulation as pure functions: frozen facts + a rule pack + a date give a Decision. No Django, no I/O, no clock, no chance."""
