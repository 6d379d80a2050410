"""Grants: what people of a group may do beyond their roles, only where, or not at all."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q


class GrantEffect(models.TextChoices):
    """What a grant does to the rights of those it speaks of."""

    ALLOW = "allow", "may, beyond their roles"
    ONLY = "only", "may only there, as far as their roles go"
    DENY = "deny", "may not, whatever else says so"


class AccessGrant(models.Model):
    """To whom, which actions, on which objects. `processes.access.policy` says what follows from all of them.

    It speaks of a group or of a person, or of everybody when it names neither. `source` says where it was written:
    in the admin, or in a file, from which alone it is changed.
    """

    name = models.CharField(max_length=150, unique=True)
    effect = models.CharField(max_length=10, choices=GrantEffect.choices)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    actions = models.JSONField(help_text='Such as ["start", "resume", "retry"].')
    condition = models.JSONField(
        default=dict, blank=True, help_text='Such as {"workflow": ["create_*"], "customer": ["SURF"]}; {} is always.'
    )
    enabled = models.BooleanField(default=True)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, default="admin", editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="grant_one_holder", condition=Q(group__isnull=True) | Q(person__isnull=True),
                violation_error_message="A grant speaks of a group or of a person, not of both.",
            ),
            models.CheckConstraint(name="grant_known_effect", condition=Q(effect__in=GrantEffect.values)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
