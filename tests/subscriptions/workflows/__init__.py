"""Workflows on subscriptions, run as a worker runs them."""
