"""Tables of the site itself: who somebody is at the identity provider, and failed sign-ins."""

from django.conf import settings
from django.db import models


class Identity(models.Model):
    """A user as the identity provider knows it: by issuer and subject, never by name or e-mail."""

    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    last_seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="identity_unique")]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


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
