"""REST of products: read a request, call `actions` or `queries`, answer a row.

Not here: rules, and errors in HTTP (`orchestrator_site.rest.problems`). The rule: every view names its action; one that
does not is closed. Begin with `urls`.
"""
