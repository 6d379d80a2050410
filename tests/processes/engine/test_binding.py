"""Whether a workflow is bound to anything."""

from processes.engine.binding import Unbound, is_bound


class Told(Unbound):
    """Wants to be told of the end, and nothing more."""


def test_binding_that_builds_on_unbound_is_one() -> None:
    assert [is_bound(Unbound()), is_bound(Told())] == [False, True]
