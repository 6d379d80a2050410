"""How forms are drawn: no field limits how much can be typed or pasted into it."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest


class WithoutLimits(DjangoTemplates):
    """Leaves out `maxlength`, by which browsers cut what is pasted without a word; the form tells instead."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget")
        if widget and "maxlength" in widget.get("attrs", {}):
            attrs = {name: value for name, value in widget["attrs"].items() if name != "maxlength"}
            context = {**context, "widget": {**widget, "attrs": attrs}}
        return super().render(template_name, context, request)
