"""Who may start a workflow, answer it or retry it, as its author says; roles and grants are asked besides."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from processes.engine.values.errors import DefinitionError

EVERYTHING = "admin"
"""Members of this role pass every rule that names a role."""


class Act(StrEnum):
    """What somebody is about to do."""

    START = "start"
    RESUME = "resume"
    RETRY = "retry"


@dataclass(frozen=True)
class Asking:
    """Who asks: the name and the groups of a person or client, and to do what; `step` is the path of the step."""

    name: str
    groups: frozenset[str]
    act: Act
    workflow_name: str
    step: str = ""


Authorize = str | Callable[[Asking], bool | str]
"""A role or group of that name; or a function that says True, or False, or why not, in a sentence."""


def check_rule(rule: object, where: str) -> None:
    """Raise DefinitionError unless it is a rule."""
    if rule is not None and not callable(rule) and not (isinstance(rule, str) and rule.strip()):
        raise DefinitionError(f"{where} is a role or a function, not {rule!r}.")


def reason_against(rule: Authorize | None, asking: Asking) -> str:
    """Why a person may not, in a sentence; "" when the rule has nothing against it."""
    match rule:
        case None:
            return ""
        case str():
            return "" if asking.groups & {rule, EVERYTHING} else f"This requires the role {rule}."
    told = rule(asking)
    if told is True:
        return ""
    refusal = f"The workflow {asking.workflow_name} does not let you {_DO[asking.act]}."
    return told if isinstance(told, str) and told else refusal


_DO = {Act.START: "start it", Act.RESUME: "answer it", Act.RETRY: "retry it"}
