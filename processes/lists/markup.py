"""HTML that is written in Python, where a page has hundreds of small pieces of it."""

from html import escape

from django.utils.safestring import SafeString


def html(form: str, *values: object) -> SafeString:
    """What `format_html` gives, for values that are no lazy texts, which it looks for: a third of the time."""
    return SafeString(form.format(*(one if isinstance(one, SafeString) else escape(str(one)) for one in values)))
