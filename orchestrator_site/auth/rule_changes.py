"""What a changed, disabled or deleted rule means for the members of what it gave, by whichever door it was changed.

They are given at once what the remaining rules make of what the provider said of them last, so nobody keeps what no
rule gives. Who is no member gets what a new rule gives when the session is renewed, at a sign-in or by the directory.
Imported when the app is ready.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from orchestrator_site.auth import identities
from orchestrator_site.auth.provider.configuration import Provider, configured
from orchestrator_site.auth.roles import Rule, given
from orchestrator_site.auth.rules import label_of, managed_groups, rules_of
from orchestrator_site.models import Identity, RoleRule
from processes.access.viewer import present_viewer


@receiver(pre_save, sender=RoleRule)
def look_before(instance: RoleRule, **_: Any) -> None:
    """Keep what the rule gave until now, if it gave anything."""
    named: Any = instance
    named._gave = Group.objects.filter(rules__pk=instance.pk, rules__enabled=True).first() if instance.pk else None


@receiver(post_save, sender=RoleRule)
def settle_after(instance: RoleRule, **_: Any) -> None:
    """A rule that gave something gives it to fewer people now, or to others."""
    gave: Group | None = getattr(instance, "_gave", None)
    if gave is not None:
        settle(gave, reason=f"The role rule {instance} was changed.")


@receiver(post_delete, sender=RoleRule)
def settle_without(instance: RoleRule, **_: Any) -> None:
    """Nobody has any more what this rule alone gave."""
    if instance.enabled:
        settle(instance.gives, reason=f"The role rule {instance} was deleted.")


@transaction.atomic
def settle(group: Group, *, reason: str) -> int:
    """Decide anew about each member of a group that the provider knows; how many people changed.

    Local accounts stay as they are, and so does everybody on a site without a provider.
    """
    provider, viewer = configured(), present_viewer()
    if provider is None:
        return 0
    by, rules = viewer.get_username() if viewer is not None else "", rules_of(provider)
    return sum(
        identities.set_groups(
            identity.user, _now(identity, rules, group), also=frozenset({group.name}), by=by, reason=reason
        )
        for identity in members(provider, group)
    )


@dataclass(frozen=True)
class EndingMembership:
    """Somebody who would no longer be in a group."""

    person: User
    group: str

    def __str__(self) -> str:
        return f"Membership: {self.person.get_username()} in {self.group}"


def losses(gone: Iterable[RoleRule]) -> list[EndingMembership]:
    """Who would lose which group if these rules were not there."""
    provider, leaving = configured(), list(gone)
    if provider is None:
        return []
    labels = {label_of(rule.pk) for rule in leaving}
    remaining = tuple(rule for rule in rules_of(provider) if rule.label not in labels)
    return [
        EndingMembership(identity.user, group.name)
        for group in sorted({rule.gives for rule in leaving if rule.enabled}, key=str)
        for identity in members(provider, group)
        if group.name not in _now(identity, remaining, group)
    ]


def members(provider: Provider, group: Group) -> list[Identity]:
    """Members of a group whom the provider knows, by what it told last."""
    known = Identity.objects.select_related("user").filter(issuer=provider.issuer, user__groups=group)
    return list({identity.user_id: identity for identity in known.order_by("last_seen_at", "pk")}.values())


def _now(identity: Identity, rules: tuple[Rule, ...], group: Group) -> frozenset[str]:
    """What somebody gets by these rules; where nothing is known that the provider said, all but this group."""
    told = {**identity.directory, **identity.claims}
    if told:
        return given(rules, told)
    held = identity.user.groups.filter(name__in=managed_groups())
    return frozenset(held.values_list("name", flat=True)) - {group.name}
