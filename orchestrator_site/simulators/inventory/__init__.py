"""An inventory shaped like NetBox for the demo: its own process, port and file; it knows no Django."""
