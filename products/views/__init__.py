"""Pages of the catalogue: fetch (`queries`), render.

Not here: modelling (`products.admin`), words and rows of a product (`products.display`). The rule: nothing is changed
here. Begin with `pages`.
"""
