"""The form that makes a personal token."""

from datetime import timedelta

from django import forms

from orchestrator_site.auth.tokens import MOST_DAYS
from processes.access.permissions import Scope

SCOPES = [
    (Scope.READ.value, "Read: only look"),
    (Scope.ACT.value, "Act: also start, answer, retry and abort, as you may"),
    (Scope.ALL.value, "All: everything that you may"),
]


class TokenForm(forms.Form):
    """A name to know it by, what it is for, and how long it lasts."""

    name = forms.CharField(max_length=100, help_text="Such as the program that uses it.")
    scope = forms.ChoiceField(choices=SCOPES, initial=Scope.READ.value)
    days = forms.IntegerField(label="Days", min_value=1, max_value=MOST_DAYS, initial=90)

    @property
    def life(self) -> timedelta:
        """How long the token shall last."""
        return timedelta(days=self.cleaned_data["days"])
