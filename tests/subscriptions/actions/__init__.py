"""Changing subscriptions."""
