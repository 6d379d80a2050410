"""The form by which people change their own password; who guesses the present one is slowed down as at the sign-in."""

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from orchestrator_site.auth import limiter


class OwnPasswordForm(PasswordChangeForm):
    """Counts wrong present passwords as failed sign-ins; `wait_seconds` is not 0 when there were too many."""

    wait_seconds = 0

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        name, address = self.user.get_username(), limiter.address_of(self._request)
        try:
            limiter.begin(name, address)
        except limiter.TooManyFailures as error:
            self.wait_seconds = error.wait_seconds
            raise ValidationError(str(error)) from error
        try:
            password: str = super().clean_old_password()
        except ValidationError:
            limiter.failed()
            user_login_failed.send(sender=__name__, credentials={"username": name}, request=self._request)
            raise
        limiter.succeeded(name, address)
        return password
