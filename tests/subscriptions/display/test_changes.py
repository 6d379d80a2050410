"""Changes of a subscription as people read them."""

import pytest

from subscriptions.display.changes import names_in, readable
from subscriptions.queries.history import compare
from tests.factories import subscriptions as make

pytestmark = pytest.mark.usefixtures("offered")


def test_references_to_others_are_named_and_linked() -> None:
    one, two = make.node("ams-1"), make.node("ams-2")
    port = make.port(one)
    port.port.node = two.node
    port = make.changed(port)

    changes = compare(port.subscription_id, port.version - 1, port.version)

    shown = readable(changes, names_in(changes))
    assert [change.path for change in shown] == ["port.node", "port.title"]
    assert (shown[0].before, shown[0].after) == (
        f'<a href="/subscriptions/{one.subscription_id}/">node ams-1</a>',
        f'<a href="/subscriptions/{two.subscription_id}/">node ams-2</a>',
    )
