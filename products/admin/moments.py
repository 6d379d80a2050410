"""The field of a moment in the admin: in the site's zone, which it names, and within the calendar of every zone."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from processes.lists.values import local
from products.schema.moments import check_in_calendar


class MomentField(forms.SplitDateTimeField):
    """Date and time; the text of the present value means that very value, to the last digit and in either of two hours.

    Django refuses what does not exist in the zone, or names two moments.
    """

    present: datetime | None = None

    def compress(self, data_list: Any) -> datetime | None:
        shown = None if self.present is None else local(self.present).replace(tzinfo=None, microsecond=0)
        if shown is not None and all(data_list) and datetime.combine(*data_list[:2]) == shown:
            return self.present
        moment: datetime | None = super().compress(data_list)
        try:
            return None if moment is None else check_in_calendar(moment)
        except ValueError as error:
            raise ValidationError(f"It {error}.", code="out_of_calendar") from error


def moment_field(like: forms.Field, present: datetime | None) -> MomentField:
    """A field with the words and the widget of another one."""
    zone = f"Time zone: {timezone.get_current_timezone_name()}."
    made = MomentField(
        required=like.required,
        widget=like.widget,
        label=like.label,
        help_text=f"{like.help_text} {zone}".strip(),
    )
    made.present = present
    return made
