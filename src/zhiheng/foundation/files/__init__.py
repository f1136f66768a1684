"""Stored files and letters of outside parties."""
