"""HTML written in Python."""

from django.utils.safestring import SafeString

from processes.lists.markup import html


def test_what_is_put_in_is_escaped_unless_it_is_html_already() -> None:
    written = html('<a title="{}">{}{}</a>', '"<b>"', SafeString("<i></i>"), 7)

    assert written == '<a title="&quot;&lt;b&gt;&quot;"><i></i>7</a>'
    assert isinstance(written, SafeString)
