"""Tables of the site itself: who somebody is at the identity provider, failed sign-ins, the mark of a health check."""

from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models

from processes.access.rights import Scope


class Identity(models.Model):
    """A user as the identity provider knows it: by issuer and subject, never by name or e-mail."""

    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    last_seen_at = models.DateTimeField()
    client = models.CharField(max_length=255, blank=True, help_text="The program whose own account it is.")
    claims = models.JSONField(default=dict, blank=True, help_text="What the provider said at the last sign-in or sync.")
    claims_at = models.DateTimeField(null=True, blank=True)
    directory = models.JSONField(default=dict, blank=True, help_text="What the provider's directory said last.")

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="identity_unique")]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


class RoleRule(models.Model):
    """What a claim of the identity provider gives here: whoever has the value gets the role, or the group."""

    claim = models.CharField(
        max_length=255, default="groups", help_text="Path of names joined by dots: groups, or realm_access.roles."
    )
    value = models.CharField(max_length=255, help_text="The value, or one of a list: /noc, or network-operators.")
    with_subgroups = models.BooleanField(default=True, help_text="Groups inside of that group count as well.")
    gives = models.ForeignKey(Group, on_delete=models.CASCADE, verbose_name="role or group", related_name="rules")
    enabled = models.BooleanField(default=True)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["claim", "value", "gives"], name="role_rule_once")]

    def __str__(self) -> str:
        return f"{self.claim} = {self.value}: {self.gives}"


class ProviderSession(models.Model):
    """A browser session that the identity provider vouches for, again and again, by its refresh token.

    Tokens are encrypted. `vouched_at` is when the provider last answered for it; `renewing_until` is set while a
    request asks it, or when it was silent and is not to be asked again yet; `silent_since` says since when.
    """

    session_key = models.CharField(max_length=40, unique=True)
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="sessions")
    sid = models.CharField(max_length=255, blank=True)
    acr = models.CharField(max_length=255, blank=True)
    refresh_token = models.TextField(blank=True)
    id_token = models.TextField(blank=True)
    started_at = models.DateTimeField()
    vouched_at = models.DateTimeField()
    renewing_until = models.DateTimeField(null=True, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["sid"], name="provider_session_sid"),
            models.Index(fields=["started_at"], name="provider_session_started"),
        ]

    def __str__(self) -> str:
        return f"session of {self.identity}"


class DirectorySync(models.Model):
    """One reading of the provider's directory: how many people were seen, changed, closed, and could not be read."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "directory syncs"

    def __str__(self) -> str:
        return f"directory sync of {self.started_at:%Y-%m-%d %H:%M}"


class SpentToken(models.Model):
    """A token that counts once and was used; kept until it would be too old anyway."""

    issuer = models.CharField(max_length=500)
    jti = models.CharField(max_length=255)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "jti"], name="spent_token_once")]

    def __str__(self) -> str:
        return self.jti


class SignInFailure(models.Model):
    """One wrong password: the name that was tried, and from where."""

    name = models.CharField(max_length=150)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="sign_in_failure_recent"),
            models.Index(fields=["at"], name="sign_in_failure_old"),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.address}"


class HealthMark(models.Model):
    """The one row that a check of health writes, to know that it can."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"written at {self.at}"


class PersonalToken(models.Model):
    """What an API token is for: its name, how much of the person's rights it carries, and when it was last used."""

    token = models.OneToOneField("knox.AuthToken", on_delete=models.CASCADE, related_name="personal")
    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=10, choices=[(scope.value, scope.value) for scope in Scope])
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class SignedInSession(models.Model):
    """Whose a browser session is, where it began, and when it was last used and from where, to a minute."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in_sessions")
    started_at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)
    client = models.CharField(max_length=200, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.user} from {self.address}"


class WaitingForm(models.Model):
    """What somebody typed before a sign-in at the identity provider, sealed; it waits for its owner to come back."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    sealed = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="waiting_form_at")]

    def __str__(self) -> str:
        return f"form of {self.at:%Y-%m-%d %H:%M}"
