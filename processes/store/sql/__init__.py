"""Every statement, whole and by name, with named parameters: `both` for what both databases read, else one file each.

Not here: what calls them. The rule: nothing is put together from parts, so that a statement can be read, searched and
asked for its plan as it stands.
"""
