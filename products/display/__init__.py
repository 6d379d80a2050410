"""How the catalogue is shown to people: cards of blocks, and the outline of a product as a picture."""
