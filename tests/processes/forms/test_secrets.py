"""A corpus of canaries: what is typed into fields of secrets is nowhere in clear but in the step that it is for."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from orchestrator_site.operations.logs import RENDERERS, formatter
from processes import actions
from processes.engine.values.secrets import MARK, MASK
from processes.forms import FormIncomplete, FormInvalid, FormUnavailable, walk
from processes.models import FormDraft, Process
from processes.plugins import registry
from processes.store import load_state
from tests.processes import secret_workflows
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db

CANARIES = ("canary-token-1", "canary'plain\"2", "canary/deep 3", "canary-list-4", "canary-other-5")
TOKEN, PLAIN, DEEP, LISTED, OTHER = CANARIES
ANSWERS = {
    "name": "ams",
    "token": TOKEN,
    "plain": PLAIN,
    "account": {"user": "ann", "secret": DEEP},
    "several": [LISTED, "short"],
}
POSTED = {
    "name": "ams", "token": TOKEN, "plain": PLAIN, "account.user": "ann", "account.secret": DEEP, "several.0": LISTED,
    "several.1": "short",
}  # fmt: skip


@pytest.fixture(autouse=True)
def registered(db: None, settings: Settings) -> Iterator[None]:
    """These workflows, and no others."""
    settings.WORKFLOW_MODULES = ["tests.processes.secret_workflows"]
    registry.reload()
    secret_workflows.given.clear()
    yield
    registry.reload()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as this site writes it."""
    written = io.StringIO()
    handlers = []
    for kind in RENDERERS:
        handler = logging.StreamHandler(written)
        handler.setFormatter(formatter(kind))
        logging.getLogger().addHandler(handler)
        handlers.append(handler)
    yield written
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


def in_clear(text: str) -> list[str]:
    """The canaries that sing in a text, as they are and as JSON writes them."""
    return [one for one in CANARIES if one in text or json.dumps(one)[1:-1] in text]


def database() -> str:
    """Every row of every table."""
    return "".join(serializers.serialize("json", model._default_manager.all()) for model in apps.get_models())


def everything(client: Client, api: APIClient, process: Process) -> dict[str, str]:
    """All pages and answers that tell of a process."""
    addresses = (
        f"/processes/{process.pk}/", f"/processes/{process.pk}/state/", f"/processes/{process.pk}/edit-state/",
        f"/processes/{process.pk}/skip/", "/processes/", "/engine/", "/admin/processes/auditevent/",
    )  # fmt: skip
    endpoints = (f"/api/processes/{process.pk}", "/api/processes/", f"/api/processes/{process.pk}/input")
    pages = {address: client.get(address, follow=True).content.decode() for address in addresses}
    return {**pages, **{address: api.get(address).content.decode() for address in endpoints}}


@pytest.mark.parametrize("name", ["ams", "fails"])
def test_canaries_sing_nowhere_but_in_their_steps(
    client: Client,
    api: Callable[..., APIClient],
    admin_user: User,
    run_ready: RunReady,
    log: io.StringIO,
    name: str,
) -> None:
    """M14"""
    client.force_login(admin_user)

    process = actions.start("keep_secrets", [{**ANSWERS, "name": name}, {}], by=admin_user, idempotency_key="k")
    run_ready()

    process.refresh_from_db()
    assert process.status == {"ams": "suspended", "fails": "failed"}[name]
    found = {"database": database(), "log": log.getvalue(), **everything(client, api(admin_user), process)}
    assert {where: in_clear(text) for where, text in found.items() if in_clear(text)} == {}
    assert "Calling" in log.getvalue()
    assert secret_workflows.given == [
        {
            "token": TOKEN,
            "plain": PLAIN,
            "account": {"user": "ann", "secret": DEEP},
            "several": [LISTED, "short"],
            "address": f"https://ann:{DEEP}@example.org",
        }
    ]
    assert MASK in found[f"/processes/{process.pk}/state/"]


def test_an_answer_to_a_step_is_kept_like_one_to_a_start(
    client: Client, api: Callable[..., APIClient], admin_user: User, run_ready: RunReady
) -> None:
    """M14"""
    client.force_login(admin_user)
    process = actions.start("keep_secrets", [ANSWERS, {}], by=admin_user)
    run_ready()
    asked = client.get(f"/processes/{process.pk}/input/", follow=True).content.decode()

    actions.answer(process.pk, [{"another": OTHER}], by=admin_user)
    run_ready()

    process.refresh_from_db()
    assert (process.status, secret_workflows.given[-1]) == ("completed", {"another": OTHER})
    found = {"database": database(), "question": asked, **everything(client, api(admin_user), process)}
    assert {where: in_clear(text) for where, text in found.items() if in_clear(text)} == {}


def test_a_draft_and_its_pages_show_no_secret(client: Client, operator: User, run_ready: RunReady) -> None:
    """M14"""
    client.force_login(operator)
    first = f"/workflows/keep_secrets/start/{uuid4()}/0/"

    wrong = client.post(first, {**POSTED, "name": ""})
    shown = [wrong.content.decode(), database()]
    second = client.post(first, POSTED)
    shown += [client.get(second["Location"]).content.decode(), database()]
    shown += [client.get(first).content.decode()]

    assert [in_clear(text) for text in shown] == [[]] * len(shown)
    assert FormDraft.objects.get().pages[0]["token"].startswith(MARK)
    client.post(second["Location"], {})
    run_ready()
    assert secret_workflows.given[0]["account"] == {"user": "ann", "secret": DEEP}


def test_what_was_typed_need_not_be_typed_again(client: Client, operator: User, run_ready: RunReady) -> None:
    """The page carries it sealed; an empty field means what was typed before."""
    client.force_login(operator)
    first = f"/workflows/keep_secrets/start/{uuid4()}/0/"
    wrong = client.post(first, {**POSTED, "name": ""}).content.decode()
    kept = dict(re.findall(r'name="([^"]+\._kept)" value="([^"]+)"', wrong))

    empty = {"account.secret": "", "several.0": "", "several.1": ""}
    again = client.post(first, {"name": "ams", "account.user": "ann", "token": "", "plain": "", **empty, **kept})
    client.post(again["Location"], {})
    run_ready()

    assert set(kept) >= {"token._kept", "plain._kept", "account.secret._kept", "several.0._kept"}
    assert secret_workflows.given[0]["several"] == [LISTED, "short"]
    assert secret_workflows.given[0]["plain"] == PLAIN


def test_messages_of_a_form_hide_what_was_typed(admin_user: User, log: io.StringIO) -> None:
    """M14"""
    form = registry.get("keep_secrets").form
    weak = f"refused {PLAIN}"

    with pytest.raises(FormInvalid) as invalid:
        walk(form, {}, [{**ANSWERS, "plain": weak}])
    with pytest.raises(FormUnavailable) as unavailable:
        walk(form, {}, [{**ANSWERS, "name": "unreachable"}])
    with pytest.raises(FormIncomplete) as incomplete:
        walk(form, {}, [ANSWERS])

    assert [error["msg"] for error in invalid.value.errors] == [f"{MASK} is too weak"]
    assert unavailable.value.reason == f"ConnectionError: no answer to {MASK}"
    assert in_clear(log.getvalue() + json.dumps(incomplete.value.page.schema, ensure_ascii=False)) == []


def test_an_edited_state_keeps_the_secrets_it_was_shown_without(admin_user: User, run_ready: RunReady) -> None:
    process = actions.start("keep_secrets", [ANSWERS, {}], by=admin_user)
    run_ready()

    changes: dict[str, Any] = {"account": {"user": "bob", "secret": MASK}, "several": [MASK, "new", MASK]}
    actions.edit_state(process.pk, changes, by=admin_user, reason="test")

    state = load_state(process.pk).as_dict()
    assert state["account"]["user"] == "bob"
    assert state["account"]["secret"].startswith(MARK)
    assert [one[:10] for one in state["several"]] == [MARK, "new", MASK]


def test_a_text_that_looks_sealed_is_refused(admin_user: User) -> None:
    with pytest.raises(FormInvalid) as invalid:
        actions.start("keep_secrets", [{**ANSWERS, "name": f"{MARK}x"}], by=admin_user)

    assert [(error["loc"], error["type"]) for error in invalid.value.errors] == [(["name"], "string_reserved")]
