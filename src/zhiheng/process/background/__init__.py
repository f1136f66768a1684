"""What happens outside the request: the worker, and what it looks at by itself."""
