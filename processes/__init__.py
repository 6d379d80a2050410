"""Workflows, their runs, what waits and what is owed."""
