"""Values and their differences as people read them."""

from orchestrator_site.look import values
from orchestrator_site.look.values import Change


def test_json_is_marked_and_escaped() -> None:
    marked = values.marked({"a": ["<b>", 1.5, None]})

    assert marked == (
        '{\n  <span class="json-key">&quot;a&quot;</span>: [\n'
        '    <span class="json-text">&quot;&lt;b&gt;&quot;</span>,\n'
        '    <span class="json-number">1.5</span>,\n    <span class="json-word">null</span>\n  ]\n}'
    )


def test_changes_name_the_path() -> None:
    before = {"same": 1, "port": {"name": "1/1", "old": True}, "list": [1, 2]}
    after = {"same": 1, "port": {"name": "1/2"}, "list": [1, 3, {"x": 0}], "new": None}

    assert values.changes(before, after) == (
        Change("port.name", "changed", "1/1", "1/2"),
        Change("port.old", "removed", "true", None),
        Change("list.1", "changed", "2", "3"),
        Change("list.2", "added", None, '{\n  "x": 0\n}'),
        Change("new", "added", None, "null"),
    )
