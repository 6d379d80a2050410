"""The workflows of a release: found by module, named when a module cannot be used, mirrored as rows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from processes import actions, queries, store
from processes.checks import workflow_modules
from processes.engine import Retry, StepContext, StepList, begin, step
from processes.execution import drive
from processes.models import Process, Workflow, WorkflowVersion
from processes.plugins import registry
from processes.queries.invariants import violations
from processes.store import clock
from tests.processes.letters import A, B, Release

pytestmark = pytest.mark.django_db

HEAD = """
from processes.engine import Target, begin, step, task

@step("Paint")
def paint() -> None: ...

@step("Dry")
def dry() -> None: ...
"""
SHED = """
@task("Paint the shed", name="shed")
def shed():
    return begin >> paint
"""


numbers = count()


class Modules:
    """Writes workflow modules under new names, and makes them the ones that settings name."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings

    def __call__(self, **sources: str) -> None:
        prefix = f"made_{next(numbers)}"
        for name, source in sources.items():
            (self.folder / f"{prefix}_{name}.py").write_text(HEAD + source.replace("PREFIX", prefix))
        self.settings.WORKFLOW_MODULES = [f"{prefix}_{name}" for name in sources]
        registry.reload()


@pytest.fixture
def modules(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Modules]:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Modules(tmp_path, settings)
    registry.reload()


def test_every_workflow_of_the_modules_is_found(modules: Modules) -> None:
    modules(one=SHED, two=SHED.replace("shed", "barn"))

    assert list(registry.all_workflows()) == ["shed", "barn"]
    assert registry.get("barn").description == "Paint the barn"
    assert registry.problems() == ()


def test_unknown_name_is_named(modules: Modules) -> None:
    modules(one=SHED)

    with pytest.raises(registry.UnknownWorkflow, match="There is no workflow named moon") as unknown:
        registry.get("moon")
    assert unknown.value.name == "moon"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("1 +", "SyntaxError: invalid syntax"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        (
            SHED.replace("paint\n", "paint >> paint\n"),
            'DefinitionError: Workflow shed: there are two steps with the key "paint"',
        ),
        (SHED, "ValueError: the workflow shed is registered twice"),
    ],
)
def test_module_that_cannot_be_used_is_named_and_the_others_work(modules: Modules, source: str, reason: str) -> None:
    modules(good=SHED + SHED.replace("shed", "barn"), bad=source)

    assert list(registry.all_workflows()) == ["shed", "barn"]
    (problem,) = registry.problems()
    assert problem.module.endswith("_bad")
    assert problem.reason.startswith(reason)
    assert [(one.id, one.msg) for one in workflow_modules(None)] == [
        ("processes.E001", f"The workflow module {problem.module} cannot be used: {problem.reason}")
    ]


def test_check_command_names_the_module(modules: Modules) -> None:
    modules(bad="1 / 0")

    with pytest.raises(SystemCheckError, match="_bad cannot be used: ZeroDivisionError"):
        call_command("check")


def test_workflow_that_a_listed_module_imports_is_registered_once(modules: Modules) -> None:
    modules(one=SHED, two="from PREFIX_one import shed")

    assert (list(registry.all_workflows()), registry.problems()) == (["shed"], ())


def test_definitions_become_rows_once(modules: Modules) -> None:
    modules(one=SHED)

    registry.sync_definitions()
    registry.sync_definitions()

    row = Workflow.objects.get()
    assert (row.name, row.description, row.target, row.is_task) == ("shed", "Paint the shed", "system", True)
    version = WorkflowVersion.objects.get()
    assert (version.workflow, version.plan) == (row, [{"path": "paint", "name": "Paint", "kind": "step"}])
    assert registry.version_id(registry.get("shed")) == version.pk


def test_changed_plan_is_another_version_of_the_same_workflow(modules: Modules) -> None:
    modules(one=SHED)
    before = registry.version_id(registry.get("shed"))

    modules(one=SHED.replace("Paint the shed", "Paint it").replace(">> paint", ">> paint >> dry"))
    after = registry.version_id(registry.get("shed"))

    assert before != after
    assert list(WorkflowVersion.objects.order_by("pk").values_list("pk", "workflow__name")) == [
        (before, "shed"),
        (after, "shed"),
    ]
    assert Workflow.objects.get().description == "Paint it"


def test_row_of_a_workflow_that_is_gone_stays(modules: Modules) -> None:
    modules(one=SHED)
    registry.sync_definitions()

    modules(one="")
    registry.sync_definitions()

    assert (Workflow.objects.get().name, WorkflowVersion.objects.count()) == ("shed", 1)


@step("Wait once", key="wait", retry=Retry(tries=2, delay=30, jitter=0))
def wait_once(context: StepContext) -> None:
    if context.attempt == 1:
        raise ConnectionError("down")


@step("Fail once", key="fail")
def fail_once(context: StepContext) -> None:
    if context.attempt == 1:
        raise ValueError("no")


def named(*names: str) -> StepList:
    """The four steps under other display names."""
    steps = zip((A, wait_once, fail_once, B), names, strict=True)
    return StepList(tuple(replace(one, name=name) for one, name in steps))


def keyed(*keys: str) -> StepList:
    """The four steps under other keys, which say what they were called before."""
    steps = zip((A, wait_once, fail_once, B), keys, strict=True)
    return StepList(tuple(replace(one, key=key, formerly=(one.key,)) for one, key in steps))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "renamed",
    [named("Alpha", "Wait a little", "Fail a little", "Beta"), keyed("alpha", "pause", "trip", "beta")],
    ids=["display names", "keys"],
)
def test_processes_go_on_when_steps_are_renamed(
    renamed: StepList, release: Release, operator: User, run: Callable[[], None]
) -> None:
    release(begin >> A >> wait_once >> fail_once >> B)
    failed = actions.start("letters", [], by=operator)
    run()
    with clock.shift(timedelta(seconds=31)):
        run()
    waiting = actions.start("letters", [], by=operator)
    run()
    ready = actions.start("letters", [], by=operator)
    claim = store.claim("stopping worker")
    assert claim is not None
    drive.run_claimed(claim, lambda: True)
    stands = dict(Process.objects.values_list("pk", "status"))
    assert stands == {failed.pk: "failed", waiting.pk: "waiting", ready.pk: "running"}
    assert Process.objects.get(pk=ready.pk).run_state == "ready"

    release(renamed)
    for hours in range(1, 4):
        with clock.shift(timedelta(hours=hours)):
            run()
            for process in Process.objects.failed():
                actions.retry(process.pk, by=operator)
            run()

    ends = [(process.status, store.load(process.pk).state["seen"]) for process in Process.objects.all()]
    assert ends == [("completed", "AB")] * 3
    process = Process.objects.get(pk=failed.pk)
    assert [(one.path, one.name, one.latest.status.value, len(one.earlier)) for one in queries.timeline(process)] == [
        (node.key, node.name, "success", tries)  # type: ignore[attr-defined]
        for node, tries in zip(renamed, (0, 1, 1, 0), strict=True)
    ]
    assert [str(violation) for violation in violations()] == []
