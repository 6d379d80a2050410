"""The catalogue: products, blocks, resource types, modelled in the admin."""
