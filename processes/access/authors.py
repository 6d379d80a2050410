"""What authors of workflows say of who may start, answer and retry them; asked by the one decision (`permissions`)."""

from processes.access.kinds import Intended, ObjectFacts
from processes.access.rights import Action, AnyUser, rights_of
from processes.engine.values.authorization import Act, Asking, reason_against
from processes.engine.workflow import Workflow
from processes.models import Process
from processes.plugins import registry

ACTS = {Action.START: Act.START, Action.RESUME: Act.RESUME, Action.RETRY: Act.RETRY}


def reason_of_author(user: AnyUser, action: Action, subject: object) -> str:
    """Why the author of the workflow does not let this user; "" when it is about no workflow, or there is no rule."""
    workflow, path = _workflow_and_path(subject)
    if workflow is None:
        return ""
    rule = workflow.authorization(ACTS[action], path)
    if rule is None:
        return ""
    asking = Asking(user.get_username(), rights_of(user).groups, ACTS[action], workflow.name, path)
    return reason_against(rule, asking)


def _workflow_and_path(subject: object) -> tuple[Workflow | None, str]:
    match subject:
        case Workflow():
            return subject, ""
        case Intended():
            return subject.workflow, ""
        case Process():
            return registry.all_workflows().get(subject.workflow_name), subject.position_path
        case ObjectFacts():
            names = sorted(subject.known.get("workflow", ()))
            return (registry.all_workflows().get(names[0]), "") if len(names) == 1 else (None, "")
        case _:
            return None, ""
