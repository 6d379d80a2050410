"""The one language of rules and computed values: a part of Python's, without effects and bounded in everything.

Not here: which fields there are (`products.schema.checks`) and where values come from (`subscriptions.tree`). The rule:
what is written is understood and bounded when it is written, so that reading a value cannot cost more than `STEPS`.
Why not a library: docs/adr/0023. Begin with `parsing`, then `types` and `evaluating`.
"""

from products.schema.expressions.evaluating import Budget, EvaluationFailed, Valued, evaluate, text_of
from products.schema.expressions.parsing import Expression, InvalidExpression, parse
from products.schema.expressions.renaming import NewNames, renamed, renamed_computed
from products.schema.expressions.templates import Template, parse_computed
from products.schema.expressions.types import LOOSE, SUBSCRIPTION, Names, Reads, Type, TypeKind, read_fields, type_of

__all__ = [
    "LOOSE",
    "SUBSCRIPTION",
    "Budget",
    "EvaluationFailed",
    "Expression",
    "InvalidExpression",
    "Names",
    "NewNames",
    "Reads",
    "Template",
    "Type",
    "TypeKind",
    "Valued",
    "evaluate",
    "parse",
    "parse_computed",
    "read_fields",
    "renamed",
    "renamed_computed",
    "text_of",
    "type_of",
]
