"""What ends with a new password and with an account: tokens and sessions, by whichever door it was done.

Django tells of sign-ins and of users that are saved; listening there, no door can be forgotten. Imported when the app
is ready.
"""

from typing import Any

from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from orchestrator_site.account import sessions
from orchestrator_site.auth import tokens

COUNTING = {"password", "is_active"}


@receiver(pre_save, sender=User)
def look_before(instance: User, update_fields: Any = None, **_: Any) -> None:
    """Keep why the tokens of this user are about to end, if they are."""
    named: Any = instance
    named._ends = ""
    if instance.pk is None or (update_fields is not None and not COUNTING & set(update_fields)):
        return
    before = User.objects.filter(pk=instance.pk).values_list("password", "is_active").first()
    if before is None:
        return
    had_password, was_active = is_password_usable(before[0]), before[1]
    if was_active and not instance.is_active:
        named._ends = "The account was disabled."
    elif named._password is not None or (had_password and not instance.has_usable_password()):
        named._ends = "The password was changed."


@receiver(post_save, sender=User)
def end_after(instance: User, **_: Any) -> None:
    """End what the change that was just saved puts an end to, in its transaction."""
    reason = getattr(instance, "_ends", "")
    if reason:
        tokens.end_all(instance, by="", reason=reason)
        sessions.forget_all(instance)


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **_: Any) -> None:
    """Remember whose session began."""
    sessions.remember(request, user)


@receiver(user_logged_out)
def end(request: HttpRequest, **_: Any) -> None:
    """Forget a session that somebody has ended."""
    if request.session.session_key:
        sessions.forget(request.session.session_key)
