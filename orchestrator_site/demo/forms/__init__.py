"""The form pages of the demo: choices come from the inventory, the last page shows labels instead of ids."""
