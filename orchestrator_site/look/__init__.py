"""How things look: words, colours and icons of statuses, moments and values.

Not here: queries, pages. The rule: a status is shown by its entry in `statuses` alone, everywhere. Begin with
`statuses`.
"""
