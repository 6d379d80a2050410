"""The forms by which people are added and changed in the admin."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from unfold.forms import UserChangeForm
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminRadioSelectWidget

from orchestrator_site.auth.names import reason_against

INVITE, HERE = "invite", "here"
HOW = [(INVITE, "Invite: they set a password by a link"), (HERE, "Set the password now")]


def administrators() -> QuerySet[User]:
    """Everybody who can administer this site now."""
    return User.objects.filter(Q(is_superuser=True) | Q(groups__name="admin"), is_active=True).distinct()


class PeopleForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A name is taken whatever its case: nobody should pass for somebody else."""

    by: Any = None

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if "username" in self.changed_data and (reason := reason_against(name)):
            raise forms.ValidationError(reason)
        if User.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("A user with that username already exists.")
        return name


class NewPersonForm(SetPasswordMixin, PeopleForm):  # type: ignore[type-arg] # generic in the stubs alone
    """Somebody new; a password is asked for only when it is to be set now."""

    how = forms.ChoiceField(label="How", choices=HOW, initial=INVITE, widget=UnfoldAdminRadioSelectWidget(choices=HOW))
    password1, password2 = SetPasswordMixin.create_password_fields()

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("password1", "password2"):
            self.fields[name].required = False
            self.fields[name].widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("how") == HERE:
            for name in ("password1", "password2"):
                if not cleaned.get(name):
                    self.add_error(name, "This field is required.")
            self.validate_passwords()
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # known to Django, not to its stubs
        if self.cleaned_data.get("how") == HERE:
            self.validate_password_for_user(self.instance)

    def save(self, commit: bool = True) -> User:
        person: User = super().save(commit=False)
        if self.cleaned_data["how"] == HERE:
            person.set_password(self.cleaned_data["password1"])
        else:
            person.set_unusable_password()
        if commit:
            person.save()
            self.save_m2m()
        return person


class PersonForm(PeopleForm, UserChangeForm):
    """Somebody known; nobody can lock themselves, or everybody, out of the administration."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "groups" in cleaned and not self._still_administers(cleaned) and self._administers():
            self._refuse_to_lose_an_administrator()
        return cleaned

    def _administers(self) -> bool:
        return administrators().filter(pk=self.instance.pk).exists()

    def _still_administers(self, cleaned: dict[str, Any]) -> bool:
        is_admin = self.instance.is_superuser or any(group.name == "admin" for group in cleaned["groups"])
        return bool(cleaned.get("is_active")) and is_admin

    def _refuse_to_lose_an_administrator(self) -> None:
        if self.by is not None and self.by.pk == self.instance.pk:
            raise forms.ValidationError("You cannot take the administration away from yourself.")
        if not administrators().exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Nobody else could administer this site.")
