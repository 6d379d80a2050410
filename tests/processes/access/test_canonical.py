"""What the trail keeps comes back from every database as it was written."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from processes.access import audit
from processes.access.canonical import canonical
from processes.models import AuditEvent, AuditHead

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1e18, 1000000000000000000),
        (1e20, 1e20),
        (-0.0, 0),
        (0.1, 0.1),
        (1e-7, 1e-7),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (1e308, 1e308),
        (2**64, "0x10000000000000000"),
        (2**64 - 1, 2**64 - 1),
        (Decimal("1.10"), "1.10"),
        (True, True),
        (None, None),
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b"),
        ("\ud800", "?"),
        ({"b": {1}}, {"b": [1]}),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02 00:00:00+00:00"),
    ],
    ids=repr,
)
def test_values_have_one_form(value: Any, kept: Any) -> None:
    assert repr(canonical(value)) == repr(kept)


def test_huge_integers_are_told_by_their_beginning() -> None:
    assert str(canonical(10**5000)).startswith("0x")
    assert len(str(canonical(10**5000))) == 300


class AnyDetail(TestCase):
    @given(TREES)
    @example(-(2**63) - 1)
    @example(-(2**63))
    @example(2**63)
    @example(2**64)
    @example(float(-(2**63)))
    @example(float(2**64))
    def test_digest_holds_whatever_was_recorded(self, value: Any) -> None:
        """Fault M3: a float broke the chain on PostgreSQL, which was a false alarm."""
        audit.record("tried", by="ada", detail={"value": value}, reason="\0")

        assert list(audit.verify()) == []
        AuditEvent.objects.all().delete()
        AuditHead.objects.all().delete()
