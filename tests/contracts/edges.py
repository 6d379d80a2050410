"""Values at the edge of each kind, as they are given and as they are kept; `REFUSED` for what no door takes."""

from dataclasses import dataclass
from typing import Any, Final

from processes.engine.values.json_text import LongNumber

REFUSED: Final = object()


@dataclass(frozen=True)
class Edge:
    """A value given for a kind; `kept` is its JSON form afterwards, None for no value at all."""

    kind: str
    given: Any
    kept: Any

    @property
    def is_refused(self) -> bool:
        return self.kept is REFUSED


SAME: dict[str, list[Any]] = {
    "string": ["0", "null", "no", "a" * 1000, "ünïcödé 😀", "1e5", "0100", "<b>&amp;", "'\"\\"],
    "text": ["a\nb", "0", "b" * 5000, "é\n\né"],
    "integer": [0, 1, -1, 2**63 - 1, -(2**63), 10**16],
    "decimal": ["0", "12345678901234567.89", "-0.1", "9" * 38, "0." + "1" * 38, "100000000000000000000"],
    "boolean": [False, True],
    "datetime": ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00", "2026-10-25T00:30:00.000001+00:00"],
    "uuid": ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
    "ip_address": ["0.0.0.0", "::", "255.255.255.255"],
    "ip_network": ["0.0.0.0/0", "::/0"],
    "mac": ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"],
    "vlan_ranges": ["0", "4094", "0-4094"],
    "url": ["http://h", "https://example.org/" + "a" * 980],
    "enum": ["no", "1", "a, b"],
    "json": [
        [], {}, "Test", "", 0, False, 1e16, 1e20, -0.5, 5e-324, 1.7976931348623157e308, 2**63 - 1,
        {"a": None, "": [[]]}, {"no": "0100"}, "0100", [1.0],
    ],
}  # fmt: skip
CHANGED: list[tuple[str, Any, Any]] = [
    ("decimal", 0.1, "0.1"),
    ("decimal", LongNumber("12345678901234567.89"), "12345678901234567.89"),
    ("decimal", "1E+37", "1" + "0" * 37),
    ("datetime", "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00+00:00"),
    ("datetime", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
    ("ip_address", "2001:DB8::1", "2001:db8::1"),
    ("mac", "00-53-00-AA-BB-CC", "00:53:00:aa:bb:cc"),
    ("vlan_ranges", "3,1,2", "1-3"),
]
WRONG: list[tuple[str, Any]] = [
    ("string", "a" * 1001), ("string", "a\nb"), ("string", 5), ("text", "a" * 100_001), ("text", ["a"]),
    ("integer", 2**63), ("integer", -(2**63) - 1), ("integer", 1.5), ("integer", True), ("integer", "12-"),
    ("integer", LongNumber("1" + "0" * 30)), ("decimal", "1e400"), ("decimal", "1E38"), ("decimal", "9" * 39),
    ("decimal", "NaN"), ("decimal", "1_000"), ("decimal", True), ("boolean", "yes"), ("boolean", 1),
    ("datetime", "0001-01-01T00:00:00+01:00"), ("datetime", "9999-12-31T23:59:59-01:00"), ("datetime", "2026-03-29"),
    ("datetime", "2026-13-01T00:00:00Z"), ("uuid", "x"), ("ip_address", "256.0.0.0"), ("ip_network", "10.0.0.1/8"),
    ("mac", "00"), ("vlan_ranges", "4095"), ("vlan_ranges", "2-1"), ("url", "javascript:alert(1)"),
    ("url", "http://h/" + "a" * 1000), ("enum", "x"), ("enum", False), ("json", 2**63),
    ("json", LongNumber("12345678901234567.89")), ("json", [[[LongNumber("99999999999999999999")]]]),
]  # fmt: skip

EDGES = [
    *(Edge(kind, value, value) for kind, values in SAME.items() for value in values),
    *(Edge(*one) for one in CHANGED),
    *(Edge(kind, value, REFUSED) for kind, value in WRONG),
]
KINDS = list(SAME)
RIGHT = {kind: [edge for edge in EDGES if edge.kind == kind and not edge.is_refused] for kind in KINDS}
ROUNDS = [
    {kind: right[number % len(right)] for kind, right in RIGHT.items()}
    for number in range(max(map(len, RIGHT.values())))
]
"""Every right edge at least once, one of each kind at a time."""


BEYOND = {kind: [edge for edge in EDGES if edge.kind == kind and edge.is_refused] for kind in KINDS}
WRONG_ROUNDS = [
    {kind: wrong[number % len(wrong)] for kind, wrong in BEYOND.items() if wrong}
    for number in range(max(map(len, BEYOND.values())))
]
"""Every wrong edge at least once, one of each kind at a time."""


def catalogue(defaults: str = "") -> str:
    """A product `edges` with one block that has a field of each kind, and what is said of defaults."""
    types = "".join(f"  - {{name: {kind}, kind: {kind}{_more(kind)}}}\n" for kind in KINDS)
    fields = defaults or "".join(f"      - {{name: {kind}}}\n" for kind in KINDS)
    return f"""resource_types:
{types}blocks:
  - name: Edges
    fields:
{fields}products:
  - name: edges
    description: Values at the edge
    product_type: Edges
    tag: EDGES
    blocks: [{{name: root, block: Edges}}]
    workflows: {{create: [create_subscription]}}
"""


def _more(kind: str) -> str:
    return ', choices: ["no", "1", "a, b"]' if kind == "enum" else ""
