"""Signing in: passwords, second factor, passkeys, sessions, invitations, OIDC."""
