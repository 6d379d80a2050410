"""Choices that a site gives to formats without an enumeration, such as `customerId`.

`settings.FORM_CHOICES` maps a format to the dotted path of a `ChoiceSource`.
"""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.utils.module_loading import import_string

from processes.forms.fields import Choice, Input

ChoiceSource = Callable[[], Iterable[tuple[str, str]]]
"""Gives pairs of value and label; called when a page is shown."""


def choices_of(one: Input) -> tuple[Choice, ...]:
    """The choices of an input: its own, else those of its format, else none."""
    sources: Mapping[str, str] = getattr(settings, "FORM_CHOICES", {})
    if one.choices or one.format not in sources:
        return one.choices
    source: ChoiceSource = import_string(sources[one.format])
    return tuple(Choice(str(value), str(label)) for value, label in source())
