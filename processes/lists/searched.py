"""A text field that suggests what the server finds, in place of a select that would list everything there is.

Without JavaScript it is a text field: what is typed is what is looked for.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from processes.lists.filters import LONGEST_TEXT
from processes.lists.markup import html


class SearchedInput(forms.TextInput):
    """`options` names the page that answers with `<option>`s for what has been typed so far, narrowed by `query`.

    The page is told by `field` under which name the text comes.
    """

    def __init__(self, options: str, query: Mapping[str, str] | None = None) -> None:
        # What a form of filters says of itself counts for its fields too, unless they say otherwise.
        told = {
            "hx-trigger": "focus once, input changed delay:200ms",
            "hx-swap": "innerHTML",
            "hx-select": "unset",
            "hx-select-oob": "unset",
            "hx-push-url": "false",
            "hx-sync": "this:replace",
        }
        super().__init__(attrs={"autocomplete": "off", **told})
        self.options, self.query = options, dict(query or {})

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        place = f"{(attrs or {}).get('id', name)}_options"
        address = f"{reverse(self.options)}?{urlencode({'field': name, **self.query})}"
        found = {"list": place, "hx-get": address, "hx-target": f"[id='{place}']"}
        written = super().render(name, value, {**(attrs or {}), **found}, renderer)
        return html('{}<datalist id="{}"></datalist>', written, place)


def typed_text(request: HttpRequest) -> str:
    """What has been typed into the field that asks; of a text that is too long for a name its beginning."""
    return request.GET.get(request.GET.get("field", ""), "")[:LONGEST_TEXT]
