"""The room of a draw of experts: its steps, its screen, its files; and the invitation that needs no sign-in."""
