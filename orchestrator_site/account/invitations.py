"""Invite somebody to set a password: by a link that works once and not for long, sent by e-mail or shown once."""

import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from processes.access import audit


@dataclass(frozen=True)
class Invitation:
    """Sent to an address, or else a link that nobody can see again; `fault` says why it was not sent."""

    person: User
    link: str = ""
    sent_to: str = ""
    fault: str = ""

    @property
    def hours(self) -> int:
        """How long the link works."""
        return int(settings.PASSWORD_RESET_TIMEOUT) // 3600


def invite(person: User, *, request: HttpRequest) -> Invitation:
    """Make a link and send it where mail is configured and an address known; else it is in the answer.

    The link ends with its first use, with the next password and after `PASSWORD_RESET_TIMEOUT` seconds.
    """
    invitation = _delivered(person, request.build_absolute_uri(address(person)))
    how = {"sent_to": invitation.sent_to} if invitation.sent_to else {"shown": True}
    audit.record("user_invited", by=request.user.get_username(), kind="user", subject=person.pk, detail=how)
    return invitation


def address(person: User) -> str:
    """The path of the page on which this person sets a password."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("account:invitation", args=[key, default_token_generator.make_token(person)])


def _delivered(person: User, link: str) -> Invitation:
    if not settings.MAIL_ENABLED:
        return Invitation(person, link, fault="This site sends no e-mail (EMAIL_URL is not set).")
    if not person.email:
        return Invitation(person, link, fault="No e-mail address is known.")
    text = render_to_string("account/invitation.txt", {"person": person, "link": link})
    try:
        send_mail("Your account", text, None, [person.email])
    except (OSError, smtplib.SMTPException) as error:
        return Invitation(person, link, fault=f"The mail server did not take it ({type(error).__name__}).")
    return Invitation(person, sent_to=person.email)
