"""How the catalogue is shown to people: cards of blocks, and the outline of a product as a picture.

Not here: questions to the database (`products.queries`). The rule: nothing here decides. Begin with `cards`.
"""
