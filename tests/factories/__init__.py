"""Rows for tests, one file an app."""
