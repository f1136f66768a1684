"""Settings, addresses and server entry points: the only reader of the environment."""
