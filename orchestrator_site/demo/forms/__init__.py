"""The form pages of the demo: choices come from the inventory, the last page shows labels instead of ids.

Not here: what is done with the answers (`demo.workflows`). The rule: a form changes nothing. Begin with `node`.
"""
