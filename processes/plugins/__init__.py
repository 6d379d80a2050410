"""What a site names in its settings and we look up by name: workflows (`registry`), panels of subjects (`panels`).

Nothing registers itself by being imported. Begin with `registry.get`.
"""
