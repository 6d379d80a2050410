"""The frame of every page, the start page, and the pages that tell of an error.

Not here: what the apps show on pages of their own. The rule: what the user may not see is left out. Begin with `frame`.
"""
