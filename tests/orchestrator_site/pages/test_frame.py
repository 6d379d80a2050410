"""The frame of each page: the menu by role."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory

from orchestrator_site.pages.frame import Shell


def shell_of(user: User | AnonymousUser, path: str = "/") -> Shell:
    request = RequestFactory().get(path)
    request.user = user
    return Shell(request)


@pytest.mark.django_db
def test_the_menu_leaves_out_what_one_may_not(operator: User, modeller: User, stranger: User) -> None:
    def labels(user: User | AnonymousUser) -> list[str]:
        return [item.label for item in shell_of(user).items]

    assert "Admin" in labels(modeller)
    assert "Admin" not in labels(operator)
    assert labels(stranger) == []
    assert labels(AnonymousUser()) == []
    assert (bool(shell_of(operator).new_url), bool(shell_of(modeller).new_url)) == (True, False)


@pytest.mark.django_db
def test_the_menu_knows_where_one_is(operator: User) -> None:
    assert [item.label for item in shell_of(operator, "/").items if item.active] == ["Start"]
