"""Sets of VLAN ids written as ranges, such as `2,5-6`; the empty text is the empty set."""

import re
from collections.abc import Iterable

HIGHEST_VLAN = 4094
_RANGE = re.compile(r"\s*([0-9]{1,4})\s*(?:-\s*([0-9]{1,4})\s*)?")
_EXAMPLE = f"must be VLANs between 0 and {HIGHEST_VLAN}, such as 2,5-6"


def parse_vlans(value: object) -> str:
    """The set as the shortest ascending ranges; takes a text, one id or ids; `ValueError` otherwise."""
    return _written(_ids(value))


def vlan_ids(ranges: str) -> frozenset[int]:
    """The ids in a text that `parse_vlans` gave."""
    return frozenset(_ids(ranges))


def _ids(value: object) -> set[int]:
    if isinstance(value, str):
        return {vlan for part in value.split(",") if value.strip() for vlan in _range(part)}
    members = [value] if isinstance(value, int) else value
    if not isinstance(members, (list, tuple, set, frozenset)) or not all(_is_vlan(member) for member in members):
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


def _written(vlans: set[int]) -> str:
    ranges: list[list[int]] = []
    for vlan in sorted(vlans):
        if ranges and vlan == ranges[-1][1] + 1:
            ranges[-1][1] = vlan
        else:
            ranges.append([vlan, vlan])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
