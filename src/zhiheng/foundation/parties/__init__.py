"""Who may apply across cycles, and what stands against or for them: bans and honours."""
