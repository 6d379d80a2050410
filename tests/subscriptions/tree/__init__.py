"""Trees of subscriptions, without a database."""
