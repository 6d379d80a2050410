"""Asking about subscriptions."""
