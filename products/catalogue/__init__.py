"""Catalogue files: their parts, how they are read with line numbers, how they are written. No tables here.

Not here: what an import does to rows (`products.actions.importing`). The rule: what is written and read again is the
same, and every fault names its line. Begin with `parts`, then `reading`.
"""
