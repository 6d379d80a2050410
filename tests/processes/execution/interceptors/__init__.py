"""What surrounds a call."""
