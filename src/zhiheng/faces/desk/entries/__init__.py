"""Entries: the list that each role has of them, and the page of one."""
