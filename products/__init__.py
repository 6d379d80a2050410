"""The catalogue: what can be ordered, modelled in the admin; rooms in the order in which they import each other.

    schema         pure: what a product is as a value, and every rule of fields, blocks and products
    models         the tables: resource types, blocks, products, published versions
    catalogue      catalogue files: parts, reading with line numbers, merging, writing; no tables
    queries        what is published and offered, and what is modelled but not published yet
    actions        publish, edit, import, export
    display        how a product is shown: cards, the picture of its blocks
    api, views     faces: fetch, call, render
    admin          the modelling tool

A room imports only from rooms above it in this list; `urls` and `management` import any. Not here: delivered instances
(`subscriptions`). The rule: what was delivered is held against a published version, which never changes; nothing but
`actions.publishing` makes one. Begin with `schema.product`, then `actions.publishing`.
"""
