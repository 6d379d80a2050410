"""The workflows of this release: found in the modules that settings name, looked up by name, mirrored as rows."""

import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction

from processes.engine.plan import is_compatible
from processes.engine.values.errors import UnknownObject
from processes.engine.workflow import Workflow
from processes.models import ExternalSystem, WorkflowVersion
from processes.models import Workflow as WorkflowRow

logger = logging.getLogger(__name__)


class UnknownWorkflow(UnknownObject):
    """No workflow of this name is registered."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no workflow named {name}.")
        self.name = name


class DefinitionChanged(Exception):
    """The workflow was changed before or at the place where a process stands."""

    def __init__(self, name: str, path: str) -> None:
        place = f"the step {path}" if path else "its end"
        super().__init__(f"Definition changed: up to {place}, {name} has other steps than this process began with.")


@dataclass(frozen=True)
class ModuleProblem:
    """A module that settings name and that cannot be used."""

    module: str
    reason: str


@dataclass(frozen=True)
class _Registry:
    workflows: Mapping[str, Workflow]
    problems: tuple[ModuleProblem, ...]


@lru_cache(maxsize=1)
def _registry() -> _Registry:
    workflows: dict[str, Workflow] = {}
    problems: list[ModuleProblem] = []
    for module in settings.WORKFLOW_MODULES:
        try:
            for found in _workflows_in(module):
                if workflows.setdefault(found.name, found) is not found:
                    raise ValueError(f"the workflow {found.name} is registered twice")
        except Exception as error:
            logger.exception("The workflow module %s cannot be used", module)
            problems.append(ModuleProblem(module, f"{type(error).__name__}: {error}"))
    return _Registry(workflows, tuple(problems))


def _workflows_in(module: str) -> list[Workflow]:
    """Those that a module has, whether it defines or imports them."""
    members = vars(importlib.import_module(module)).values()
    return [member for member in members if isinstance(member, Workflow)]


def reload() -> None:
    """Read the modules that settings name again; for tests that change settings."""
    _registry.cache_clear()
    _version_ids.clear()


def all_workflows() -> Mapping[str, Workflow]:
    """Every registered workflow by name."""
    return _registry().workflows


def problems() -> tuple[ModuleProblem, ...]:
    """The modules that cannot be used."""
    return _registry().problems


def get(name: str) -> Workflow:
    """The workflow of this name. Raises UnknownWorkflow."""
    try:
        return _registry().workflows[name]
    except KeyError:
        raise UnknownWorkflow(name) from None


def version_id(workflow: Workflow) -> int:
    """The id of the stored snapshot of this plan, made on first use."""
    key = workflow.name, workflow.fingerprint
    known = _version_ids.get(key)
    if known is None:
        known = _store_version(workflow)
        if not connection.in_atomic_block:  # what is stored in a transaction may yet be rolled back
            _version_ids[key] = known
    return known


_version_ids: dict[tuple[str, str], int] = {}


@transaction.atomic
def _store_version(workflow: Workflow) -> int:
    description = {"description": workflow.description, "target": workflow.target, "is_task": workflow.is_task}
    row, _ = WorkflowRow.objects.update_or_create(name=workflow.name, defaults={**description, "deleted_at": None})
    plan = [step.as_json() for step in workflow.plan]
    version, _ = WorkflowVersion.objects.get_or_create(
        workflow=row, fingerprint=workflow.fingerprint, defaults={"plan": plan}
    )
    if version.plan != plan:  # the same steps under other names
        WorkflowVersion.objects.filter(pk=version.pk).update(plan=plan)
    return version.pk


def version_to_go_on_with(began_under: int, workflow: Workflow, path: str) -> int:
    """The id of the present version, for a process that began under another one and stands at `path`.

    Raises DefinitionChanged when its steps up to there are not those of the present one.
    """
    present = version_id(workflow)
    if present != began_under:
        before = WorkflowVersion.objects.get(pk=began_under).plan
        if not is_compatible(before, workflow.plan, path, workflow.tree.renamed):
            raise DefinitionChanged(workflow.name, path)
    return present


def sync_definitions() -> None:
    """Make the rows of every registered workflow, and of every external system that one of them calls.

    Those that are gone keep theirs, for their history.
    """
    for workflow in all_workflows().values():
        version_id(workflow)
    ExternalSystem.objects.ensure(frozenset[str]().union(*(one.systems for one in all_workflows().values())))
