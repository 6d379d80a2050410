"""The field of a secret: what was typed before stays, sealed, and is never shown; a new text takes its place."""

from typing import Any

from django import forms
from django.utils.safestring import SafeString

from processes.engine.values.secrets import MARK
from processes.lists.markup import html
from processes.store.sealing import VAULT

KEPT = "_kept"
"""Below the path of a secret: what was typed before, sealed."""


class SecretInput(forms.PasswordInput):
    """A password field; its value is a secret in clear or sealed, or nothing.

    The sealed field stands beside it always, so that whoever keeps a form that was sent knows that this is a secret.
    """

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        hint = {"placeholder": "Kept; type to replace it"} if value else {}
        field = super().render(name, None, {**(attrs or {}), **hint}, renderer)
        token = str(value or "")
        if token and not token.startswith(MARK):
            token = VAULT.seal(token)
        return html('{}<input type="hidden" name="{}.{}" value="{}">', field, name, KEPT, token)
