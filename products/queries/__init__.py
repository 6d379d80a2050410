"""Questions to the catalogue: what is published, and what the tables hold that is not published yet (`drafts`).

Not here: anything that writes. The rule: what is delivered or ordered asks `published`; `drafts` is for those who
model. Begin with `published.schema_of`.
"""

from products.queries.published import (
    SCHEMAS_KEPT,
    current_schema,
    current_version,
    may_order,
    offered,
    offers,
    orderable,
    orderable_by,
    products,
    published_schema,
    schema_of,
    workflow_of,
)

__all__ = [
    "SCHEMAS_KEPT",
    "current_schema",
    "current_version",
    "may_order",
    "offered",
    "offers",
    "orderable",
    "orderable_by",
    "products",
    "published_schema",
    "schema_of",
    "workflow_of",
]
