"""Tags of every page: small elements (`look`) and what lists need to know (`look_tables`).

Not here: larger elements, which are templates in `templates/components`. The rule: a tag escapes what it is given.
Begin with `look`.
"""
