"""A text field that suggests what the server finds, in place of a select that would list everything there is.

Without JavaScript it is a text field: what is typed is what is looked for.
"""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString


class SearchedInput(forms.TextInput):
    """`options` names the address that answers with `<option>`s for what has been typed so far."""

    def __init__(self, options: str) -> None:
        # What a form of filters says of itself counts for its fields too, unless they say otherwise.
        told = {
            "hx-get": reverse_lazy(options),
            "hx-trigger": "focus once, input changed delay:200ms",
            "hx-swap": "innerHTML",
            "hx-select": "unset",
            "hx-select-oob": "unset",
            "hx-push-url": "false",
            "hx-sync": "this:replace",
        }
        super().__init__(attrs={"autocomplete": "off", **told})

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        place = f"{(attrs or {}).get('id', name)}_options"
        written = super().render(name, value, {**(attrs or {}), "list": place, "hx-target": f"#{place}"}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', written, place)
