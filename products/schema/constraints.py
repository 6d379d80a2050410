"""Which constraints a resource type may have: none that contradict each other, or that a door could not carry."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from processes.engine.values.words import fault_of, is_known
from products.schema.parsing import MOST_DIGITS, parse_decimal, parse_integer, parse_string
from products.schema.patterns import check_pattern
from products.schema.scalars import LONGEST_TEXT, NUMBERS, TEXTS, ScalarKind, ScalarType, longest

MOST_CHOICES = 5_000
LONGEST_LABEL = 255


class InvalidType(ValueError):
    """The constraints of a type contradict each other or its kind; `constraint` is the one to change."""

    def __init__(self, constraint: str, message: str) -> None:
        super().__init__(message)
        self.constraint = constraint


def check_type(scalar: ScalarType) -> None:
    """Raise `InvalidType` for the first constraint that is wrong."""
    for constraint, message in _faults(scalar):
        raise InvalidType(constraint, message)


def is_sound(scalar: ScalarType) -> bool:
    """Whether a type can be used as it is; one that was stored before there was a limit may not be."""
    return not any(True for _ in _faults(scalar))


def _faults(scalar: ScalarType) -> Iterator[tuple[str, str]]:
    if not is_known(scalar.kind):
        yield "kind", f"the kind {fault_of(scalar.kind)}"
        return
    yield from _choices(scalar)
    yield from _labels(scalar)
    yield from _bounds(scalar)
    yield from _lengths(scalar)
    yield from _pattern(scalar)


def _choices(scalar: ScalarType) -> Iterator[tuple[str, str]]:
    expected: dict[ScalarKind, type] = {ScalarKind.ENUM: str, ScalarKind.INTEGER: int}
    if scalar.kind is ScalarKind.ENUM and not scalar.choices:
        yield "choices", "an enum needs choices"
    if not scalar.choices:
        return
    if scalar.kind not in expected:
        yield "choices", f"only an enum or an integer has choices, not {scalar.kind.value}"
    elif any(type(choice) is not expected[scalar.kind] for choice in scalar.choices):
        yield "choices", f"the choices of this {scalar.kind.value} must be of type {expected[scalar.kind].__name__}"
    elif len(set(scalar.choices)) != len(scalar.choices):
        yield "choices", "a choice is named twice"
    elif len(scalar.choices) > MOST_CHOICES:
        yield "choices", f"there are more than {MOST_CHOICES} choices"
    else:
        parse = parse_string if scalar.kind is ScalarKind.ENUM else parse_integer
        for choice in scalar.choices:
            yield from (("choices", f"the choice {str(choice)[:60]} {fault}") for fault in _refusal(parse, choice))


def _labels(scalar: ScalarType) -> Iterator[tuple[str, str]]:
    known = set(map(str, scalar.choices))
    for choice, label in scalar.labels:
        if choice not in known:
            yield "labels", f"the label {label[:60]} is for {choice[:60]}, which is no choice"
        elif not label.strip() or len(label) > LONGEST_LABEL:
            yield "labels", f"the label of {choice[:60]} must have 1 to {LONGEST_LABEL} characters"
    shown = [label for _, label in scalar.labels]
    if len(set(shown)) < len(shown):
        yield "labels", "two choices have the same label"


def _bounds(scalar: ScalarType) -> Iterator[tuple[str, str]]:
    bounds = {"minimum": scalar.minimum, "maximum": scalar.maximum}
    for constraint, bound in bounds.items():
        if bound is not None:
            yield from ((constraint, message) for message in _bound(scalar.kind, bound))
    if scalar.minimum is not None and scalar.maximum is not None and scalar.minimum > scalar.maximum:
        yield "minimum", "the minimum is above the maximum"


def _bound(kind: ScalarKind, bound: Decimal) -> Iterator[str]:
    if kind not in NUMBERS:
        yield f"only an integer or a decimal has a minimum or maximum, not {kind.value}"
    elif not bound.is_finite():
        yield "a bound must be a finite number"
    elif any(_refusal(parse_decimal, bound)):
        yield f"a bound must have at most {MOST_DIGITS} digits"
    elif kind is ScalarKind.INTEGER and bound != bound.to_integral_value():
        yield "the bounds of an integer must be whole numbers"
    elif kind is ScalarKind.INTEGER and any(_refusal(parse_integer, int(bound))):
        yield "the bounds of an integer must fit in 64 bits"


def _lengths(scalar: ScalarType) -> Iterator[tuple[str, str]]:
    lengths = {"min_length": scalar.min_length, "max_length": scalar.max_length}
    for constraint, length in lengths.items():
        if length is None:
            continue
        if scalar.kind not in TEXTS:
            yield constraint, f"only a string or a text has a length, not {scalar.kind.value}"
        elif not 0 <= length <= LONGEST_TEXT:
            yield constraint, f"a length lies between 0 and {LONGEST_TEXT}"
    if (scalar.min_length or 0) > longest(scalar):
        yield "min_length", "the shortest length is above the longest"


def _pattern(scalar: ScalarType) -> Iterator[tuple[str, str]]:
    if scalar.pattern and scalar.kind not in TEXTS:
        yield "pattern", f"only a string or a text has a pattern, not {scalar.kind.value}"
    elif scalar.pattern:
        try:
            check_pattern(scalar.pattern, longest(scalar))
        except ValueError as error:
            yield "pattern", f"the pattern {error}"


def _refusal(parse: Callable[[object], object], value: object) -> Iterator[str]:
    """What a parser says against a value, if anything."""
    try:
        parse(value)
    except ValueError as error:
        yield str(error)
