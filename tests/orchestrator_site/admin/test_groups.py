"""Groups that carry a role stay; others come and go."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from processes.models import AuditEvent

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
REASON = "Group operator: it carries the role of that name"


@pytest.fixture
def admin(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user, BACKEND)
    return client


def test_group_that_carries_a_role_is_not_deleted(admin: Client) -> None:
    """Roles went with one click, and with them the rights of everybody."""
    group = Group.objects.get(name="operator")

    alone = admin.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [group.pk]}
    together = admin.post("/admin/auth/group/", chosen)

    assert REASON in alone.content.decode()
    assert REASON in together.content.decode()
    assert Group.objects.filter(name="operator").exists()
    assert not AuditEvent.objects.exists()


def test_group_that_carries_a_role_keeps_its_name(admin: Client) -> None:
    group = Group.objects.get(name="operator")

    admin.post(f"/admin/auth/group/{group.pk}/change/", {"name": "nobody"})

    assert Group.objects.get(pk=group.pk).name == "operator"


def test_other_groups_are_made_renamed_and_deleted(admin: Client) -> None:
    admin.post("/admin/auth/group/add/", {"name": "night shift"})
    group = Group.objects.get(name="night shift")
    admin.post(f"/admin/auth/group/{group.pk}/change/", {"name": "day shift"})
    admin.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})

    assert not Group.objects.filter(pk=group.pk).exists()
    assert list(AuditEvent.objects.values_list("action", "detail")) == [
        ("group_added", {"name": "night shift", "changes": {"name": {"from": None, "to": "night shift"}}}),
        ("group_changed", {"name": "day shift", "changes": {"name": {"from": "night shift", "to": "day shift"}}}),
        ("group_deleted", {"name": "day shift"}),
    ]


@pytest.mark.parametrize("name", ["Admin", "VIEWER", "night Shift", "\u0430dmin"])
def test_no_group_passes_for_another(admin: Client, name: str) -> None:
    """A grant to “Admin” looked like one to administrators."""
    Group.objects.create(name="Night shift")

    answer = admin.post("/admin/auth/group/add/", {"name": name})

    assert list(answer.context["adminform"].form.errors) == ["name"]
    assert not Group.objects.filter(name=name).exists()
