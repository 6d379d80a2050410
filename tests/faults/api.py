"""Requests made up from our own OpenAPI description, by a person of each role: every answer is one that it describes.

    ./run faults api [--cases 5000] [--seconds 300] [--role ROLE]

Half of the cases are right by the description and half are wrong; ids of paths are every other time those of something
that exists. Nothing may answer with a failure of ours (5xx but for what is described), an undescribed status or media
type, or a body that is not as described.
"""

import argparse
import itertools
import json
import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import hypothesis
import schemathesis
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given
from knox.models import AuthToken
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from orchestrator_site.local import first_run
from processes import actions
from processes.access.permissions import ROLES
from processes.engine.values.status import ProcessStatus
from processes.models import Process
from processes.plugins import registry
from products.models import Product
from subscriptions.models import Subscription
from tests.factories.processes import process

CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
OURS = frozenset({500, 501, 502, 504})
OUTLASTS = timedelta(days=3650)
"""The life of the tokens by which is asked: of too many tokens of somebody the first to end is ended."""
LEFT_OUT = "auth/"
"""Paths that would end the token by which the others are asked."""


@dataclass
class Tally:
    """What was answered to one person, and what was wrong with it, by operation."""

    answers: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return sum(self.answers.values())


def drive(token: str, *, cases: int, seconds: float = math.inf, seed: int) -> Tally:
    """About so many cases over all operations, in at most so much time.

    At least two right and two wrong ones of each: the second has ids of what exists.
    """
    headers = {"Authorization": f"Token {token}"}
    api = schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application(), headers=headers)
    operations = [one.ok() for one in api.get_all_operations() if isinstance(one, Ok)]
    asked = [one for one in operations if LEFT_OUT not in one.path]
    each, until, tally = max(2, cases // (2 * len(asked))), time.monotonic() + seconds, Tally()
    for operation, mode in itertools.product(asked, (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)):
        _ask(operation, mode, headers, each=each, until=until, seed=seed, tally=tally)
    return tally


def _ask(
    operation: Any,
    mode: GenerationMode,
    headers: Mapping[str, str],
    *,
    each: int,
    until: float,
    seed: int,
    tally: Tally,
) -> None:
    known = existing()

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=each,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case: Any) -> None:
        if time.monotonic() < until:
            _replace(case.path_parameters, known)
            judge(case, case.call(headers=dict(headers)), tally)

    try:
        answered()
    except (hypothesis.errors.Unsatisfiable, schemathesis.errors.SchemathesisError):
        return  # nothing about this operation can be wrong


def judge(case: Any, response: Any, tally: Tally) -> None:
    """Count an answer, and keep the first that is wrong in a new way."""
    tally.answers[response.status_code] += 1
    place = f"{case.operation.method.upper()} {case.operation.path}"
    if response.status_code in OURS:
        tally.wrong.setdefault(f"{place} {response.status_code}", case.as_curl_command())
    try:
        case.validate_response(response, checks=CHECKS)
    except (Failure, FailureGroup) as error:
        tally.wrong.setdefault(f"{place} {response.status_code}", f"{error}\n{case.as_curl_command()}")


def existing() -> Iterator[dict[str, str]]:
    """Ids of things there are, every other time."""
    found = {
        "process_id": [str(one) for one in Process.objects.values_list("pk", flat=True)[:20]],
        "workflow_name": sorted(registry.all_workflows()),
        "product_id": [str(one) for one in Product.objects.values_list("pk", flat=True)[:20]],
        "subscription_id": [str(one) for one in Subscription.objects.values_list("pk", flat=True)[:20]],
    }
    for number in itertools.count():
        yield {name: ids[number % len(ids)] for name, ids in found.items() if ids and number % 2}


def _replace(parameters: dict[str, Any] | None, known: Iterator[dict[str, str]]) -> None:
    for name, value in next(known).items():
        if parameters and name in parameters:
            parameters[name] = value


def fill() -> dict[str, str]:
    """People, a catalogue and some processes; a token for each role."""
    first_run.add_people()
    first_run.add_customers()
    first_run.import_catalogue()
    for status in (ProcessStatus.SUSPENDED, ProcessStatus.FAILED, ProcessStatus.COMPLETED):
        process(status=status)
    return {role: AuthToken.objects.create(User.objects.get(username=role), expiry=OUTLASTS)[1] for role in ROLES}


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="./run faults api")
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--role", choices=ROLES)
    wanted = parser.parse_args(arguments)
    tokens = fill()
    wrong: dict[str, str] = {}
    for role in [wanted.role] if wanted.role else ROLES:
        tally = drive(tokens[role], cases=wanted.cases, seconds=wanted.seconds, seed=seed)
        actions.unpause(by=User.objects.get(username="admin"))
        print(f"{role}: {tally.cases} cases, {json.dumps(dict(sorted(tally.answers.items())))}", flush=True)
        for place, words in tally.wrong.items():
            print(f"  WRONG {place}\n{words}", flush=True)
        wrong |= tally.wrong
    return 1 if wrong else 0
