"""What a site names in its settings and we look up by name: workflows (`registry`), panels of subjects (`panels`).

Not here: what is looked up, which the site writes. The rule: nothing registers itself by being imported. Begin with
`registry.get`.
"""
