"""What a product makes narrower in a block that it shares: fewer members or choices, a stricter range; never wider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from products.schema.fields import FieldKind, FieldSchema, UniqueScope
from products.schema.parsing import plain_number
from products.schema.scalars import NUMBERS, ScalarKind, ScalarType

_CHOSEN = frozenset({ScalarKind.ENUM, ScalarKind.INTEGER, ScalarKind.STRING})


@dataclass(frozen=True)
class Narrowing:
    """What one field of a block may be in one product; what is not said stays as the block has it.

    `fewest` and `most` count the members of a list, `minimum` and `maximum` bound a number. A single choice is also
    what a new subscription begins with.
    """

    block: str
    field: str
    fewest: int | None = None
    most: int | None = None
    choices: tuple[str | int, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        """All that is set, as JSON."""
        written: dict[str, Any] = {"block": self.block, "field": self.field}
        written |= {key: getattr(self, key) for key in ("fewest", "most") if getattr(self, key) is not None}
        if self.choices:
            written["choices"] = list(self.choices)
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return written | {key: plain_number(bound) for key, bound in bounds.items() if bound is not None}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Narrowing":
        """Read what `to_json` wrote."""
        bounds = {key: Decimal(written[key]) for key in ("minimum", "maximum") if key in written}
        return cls(**{**written, "choices": tuple(written.get("choices", ())), **bounds})


def narrowed(field: FieldSchema, narrowing: Narrowing) -> FieldSchema:
    """The field as the product has it; `ValueError` in words where that would be wider, or cannot be."""
    field = _with_count(field, narrowing)
    return _with_values(field, narrowing)


def _with_count(field: FieldSchema, narrowing: Narrowing) -> FieldSchema:
    fewest, most = narrowing.fewest, narrowing.most
    if fewest is None and most is None:
        return field
    if not field.is_list:
        raise ValueError("is not a list, so it has no fewest or most members")
    if fewest is not None and fewest < field.fewest:
        raise ValueError(f"would have at least {fewest} members, and the block asks for {field.fewest}")
    if most is not None and field.maximum is not None and most > field.maximum:
        raise ValueError(f"would have up to {most} members, and the block allows {field.maximum}")
    fewest = field.minimum if fewest is None else fewest
    most = field.maximum if most is None else most
    if most is not None and (most < 1 or (fewest or 0) > most):
        raise ValueError(f"cannot have at least {fewest or 0} and at most {most} members")
    return replace(field, minimum=fewest, maximum=most)


def _with_values(field: FieldSchema, narrowing: Narrowing) -> FieldSchema:
    if not narrowing.choices and narrowing.minimum is None and narrowing.maximum is None:
        return field
    if field.scalar is None or field.computed is not None:
        raise ValueError("holds no values that are given, so it has no choices or bounds")
    scalar = _bounded(field.scalar, narrowing)
    if narrowing.choices:
        scalar = _chosen(scalar, narrowing.choices)
    made = replace(field, scalar=scalar)
    if len(narrowing.choices) == 1 and field.kind is FieldKind.SCALAR and field.unique_scope is UniqueScope.NONE:
        return replace(made, default=scalar.choices[0])
    if made.default is not None:
        try:
            made.parse(made.default)
        except ValueError as error:
            raise ValueError(f"has the default {made.default!r}, which {error}") from error
    return made


def _bounded(scalar: ScalarType, narrowing: Narrowing) -> ScalarType:
    least, most = narrowing.minimum, narrowing.maximum
    if least is None and most is None:
        return scalar
    if scalar.kind not in NUMBERS:
        raise ValueError("is no number, so it has no minimum or maximum")
    if least is not None and scalar.minimum is not None and least < scalar.minimum:
        raise ValueError(f"would begin at {plain_number(least)}, and the block at {plain_number(scalar.minimum)}")
    if most is not None and scalar.maximum is not None and most > scalar.maximum:
        raise ValueError(f"would end at {plain_number(most)}, and the block at {plain_number(scalar.maximum)}")
    made = replace(
        scalar, minimum=scalar.minimum if least is None else least, maximum=scalar.maximum if most is None else most
    )
    if made.minimum is not None and made.maximum is not None and made.minimum > made.maximum:
        raise ValueError("would have a minimum above its maximum")
    return made


def _chosen(scalar: ScalarType, choices: Sequence[str | int]) -> ScalarType:
    if scalar.kind not in _CHOSEN:
        raise ValueError("has no choices: only an enum, an integer or a string has")
    parsed = []
    for choice in choices:
        try:
            parsed.append(scalar.parse(choice))
        except ValueError as error:
            raise ValueError(f"would allow {choice!r}, which {error} in the block") from error
    if len(set(parsed)) < len(parsed):
        raise ValueError("names a choice twice")
    labels = tuple((choice, label) for choice, label in scalar.labels if choice in set(map(str, parsed)))
    return replace(scalar, choices=tuple(parsed), labels=labels)
