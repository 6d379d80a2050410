"""REST of processes."""
