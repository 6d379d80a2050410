"""Sets of VLAN ids written as ranges, such as `2,5-6`; the empty text is the empty set."""

import re
from collections.abc import Iterable, Iterator, Set
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

HIGHEST_VLAN = 4094
_RANGE = re.compile(r"\s*([0-9]{1,4})\s*(?:-\s*([0-9]{1,4})\s*)?")
_EXAMPLE = f"must be VLANs between 0 and {HIGHEST_VLAN}, such as 2,5-6"


class VlanRanges(frozenset[int]):
    """A set of VLAN ids: `VlanRanges("2,5-6") | 7` is `2,5-7`. Never changed; equal to any set of the same ids.

    It takes a text of ranges, one id, or ids, and so does the other side of `|`, `&`, `-` and `^`; `ValueError`
    otherwise. As text it is the shortest ascending ranges, which is also its JSON form, in a form of pydantic too. It
    goes through its ids in their order.
    """

    __slots__ = ()

    def __new__(cls, ranges: object = "") -> Self:
        return super().__new__(cls, _ids(ranges))

    def __str__(self) -> str:
        return _written(self)

    def __repr__(self) -> str:
        return f"VlanRanges({_written(self)!r})"

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(super().__iter__()))

    def __or__(self, other: object) -> Self:
        return type(self)(frozenset(self).union(_ids(other)))

    def __and__(self, other: object) -> Self:
        return type(self)(frozenset(self).intersection(_ids(other)))

    def __sub__(self, other: object) -> Self:
        return type(self)(frozenset(self).difference(_ids(other)))

    def __xor__(self, other: object) -> Self:
        return type(self)(frozenset(self).symmetric_difference(_ids(other)))

    def __rsub__(self, other: object) -> Self:
        return type(self)(other) - self

    __ror__, __rand__, __rxor__ = __or__, __and__, __xor__

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The ranges in ascending order, each as its first and its last id."""
        return tuple(_ranges(self))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "vlan-ranges"}


def parse_vlans(value: object) -> str:
    """The set as the shortest ascending ranges; takes a text, one id or ids; `ValueError` otherwise."""
    return _written(_ids(value))


def _ids(value: object) -> Set[int]:
    if isinstance(value, VlanRanges):
        return value
    if isinstance(value, str):
        return {vlan for part in value.split(",") if value.strip() for vlan in _range(part)}
    members = [value] if isinstance(value, int) else value
    if not isinstance(members, list | tuple | Set) or not all(_is_vlan(member) for member in members):
        raise ValueError(_EXAMPLE)
    return set(members)


def _is_vlan(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST_VLAN


def _range(part: str) -> Iterable[int]:
    match = _RANGE.fullmatch(part)
    if match is None:
        raise ValueError(_EXAMPLE)
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last or last > HIGHEST_VLAN:
        raise ValueError(_EXAMPLE)
    return range(first, last + 1)


def _written(vlans: Iterable[int]) -> str:
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in _ranges(vlans))


def _ranges(vlans: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for vlan in sorted(vlans):
        if ranges and vlan == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], vlan)
        else:
            ranges.append((vlan, vlan))
    return ranges
