"""JSON for reading."""

from orchestrator_site.look import values


def test_json_is_marked_and_escaped() -> None:
    marked = values.marked({"a": ["<b>", 1.5, None]})

    assert marked == (
        '{\n  <span class="json-key">&quot;a&quot;</span>: [\n'
        '    <span class="json-text">&quot;&lt;b&gt;&quot;</span>,\n'
        '    <span class="json-number">1.5</span>,\n    <span class="json-word">null</span>\n  ]\n}'
    )


def test_beginning_of_a_long_value_is_shown() -> None:
    marked = values.marked("x" * 1_000_000, most=11)

    assert marked == '&quot;xxxxxxxxxx <span class="json-more">… 999\N{NO-BREAK SPACE}991 more characters</span>'
