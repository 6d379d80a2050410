"""The site: settings, addresses, sign-in, menu, and the demo that shows how a customer uses it."""
