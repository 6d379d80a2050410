"""Workflows that ask for secrets in every way there is, and do with them what careless authors do."""

import logging
from collections.abc import Generator
from typing import Annotated, Any

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_forms.core import FormPage
from pydantic_forms.validators import migration_summary

from processes.engine import State, StepContext, StepList, Target, begin, input_step, step, workflow

logger = logging.getLogger(__name__)
given: list[dict[str, Any]] = []
"""What the steps got."""

Password = Annotated[str, Field(json_schema_extra={"format": "password", "writeOnly": True})]


class Account(BaseModel):
    user: str
    secret: Password


class SecretPage(FormPage):
    model_config = {"title": "Secrets"}

    name: str
    token: SecretStr
    plain: Password
    maybe: SecretStr | None = None
    account: Account
    several: list[Password] = Field(default_factory=list)

    @field_validator("plain")
    @classmethod
    def not_refused(cls, value: str) -> str:
        if value.startswith("refused"):
            raise ValueError(f"{value} is too weak")
        return value


def secret_form() -> Generator[Any, Any, State]:
    page = yield SecretPage
    if page.name == "unreachable":
        raise ConnectionError(f"no answer to {page.token.get_secret_value()}")

    class Confirm(FormPage):
        model_config = {"title": f"Use {page.plain}"}

        table: migration_summary(  # type: ignore[valid-type]
            {"headers": ["Given"], "labels": ["Plain"], "columns": [[page.plain]]}
        )

    yield Confirm
    return {**page.model_dump(), "address": f"https://{page.account.user}:{page.account.secret}@example.org"}


@step("Use the secrets")
def use(token: str, plain: str, account: dict[str, str], several: list[str], address: str, step: StepContext) -> State:
    given.append({"token": token, "plain": plain, "account": account, "several": several, "address": address})
    step.progress({"calling": address})
    logger.warning("Calling %s with %s", address, token)
    return {"copy": token, "deep": {"header": [f"Basic {plain}"]}}


@step("Fail with them")
def fail(token: str, plain: str, name: str) -> State:
    if name == "fails":
        raise ConnectionError(f"401 for {token!r}", {"password": plain})
    return {}


@input_step("Ask for another", assignee="NOC")
def ask(token: str = "") -> Generator[Any, Any, State]:
    class Another(FormPage):
        model_config = {"title": f"Another one than {token}"}

        another: SecretStr

    page = yield Another
    return {"another": page.another}


@step("Use the other")
def use_other(another: str) -> State:
    given.append({"another": another})
    return {}


@workflow("Keep secrets", target=Target.CREATE, form=secret_form)
def keep_secrets() -> StepList:
    return begin >> use >> fail >> ask >> use_other
