"""The statements by which processes move and workers live, whole and by name: `both`, `postgresql`, `sqlite`.

Not here: what calls them; statements of one reader or one concern, which stand beside their only caller
(`store.revision`, `store.listed`, `store.attention`, `store.slots`); `store.bulk_insert`, whose columns the models
give. The rule: named parameters, and nothing is put together from parts, so that a statement can be read, searched and
asked for its plan as it stands.
"""
