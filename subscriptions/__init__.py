"""The inventory: delivered instances of products, and what binds workflows to them."""
