"""Page 0 of workflows on subscriptions, where there are few and where there are many."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from processes.engine.values.status import Target
from subscriptions.models import Subscription
from subscriptions.start_rules import StartRule
from subscriptions.workflows.start_form import MOST_OPTIONS, subscription_page
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db
RULE = StartRule.of(Target.MODIFY)


def asked() -> dict[str, Any]:
    schema: dict[str, Any] = subscription_page("modify_note", RULE).model_json_schema()
    field: dict[str, Any] = schema["properties"]["subscription_id"]
    return field


def many(like: UUID) -> None:
    one = Subscription.objects.get(pk=like)
    facts = {name: getattr(one, name) for name in ("product", "product_version", "customer", "created_at")}
    Subscription.objects.bulk_create(
        Subscription(description=f"copy {number % 150}", status="active", modified_at=one.created_at, **facts)
        for number in range(MOST_OPTIONS)
    )


def test_few_are_listed() -> None:
    node = make.node("a")

    assert asked()["options"] == {str(node.subscription_id): "node a"}


def test_many_are_searched_by_what_the_workflow_may_be_started_on() -> None:
    many(make.node("a").subscription_id)

    field = asked()

    assert "enum" not in field
    assert (field["format"], field["search"]) == ("subscriptionId", {"workflow": "modify_note", "status": "active"})


def test_a_subscription_is_named_by_its_id_or_its_description() -> None:
    node = make.node("a")
    many(node.subscription_id)
    page = subscription_page("modify_note", RULE)

    for name in (str(node.subscription_id), " node a "):
        assert page(subscription_id=name).subscription_id == node.subscription_id  # type: ignore[attr-defined]
    for name in ("copy 7", "nothing"):  # fifty are called as another one is
        with pytest.raises(ValidationError, match="valid UUID"):
            page(subscription_id=name)
