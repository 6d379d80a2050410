"""A workflow whose binding fails where it is told to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.engine import State, StepContext, StepList, Target, begin, step, workflow
from processes.engine.binding import End, Start, Started, StepRun, StepSession, Subject, UnboundSession
from processes.models import EngineSettings, ProcessSubject


class Broken(Exception):
    """A fault of the binding."""


@dataclass
class Touchy:
    """A binding that fails where it is told to."""

    fails: set[str] = field(default_factory=set)

    def _reach(self, place: str) -> None:
        if place in self.fails:
            raise Broken(place)

    def resources(self, start: Start) -> tuple[str, ...]:
        return ("thing:1",)

    def on_start(self, start: Start) -> Started:
        self._reach("start")
        return Started()

    def session(self, run: StepRun) -> StepSession:
        self._reach("session")
        return TouchySession(self)

    def on_end(self, end: End) -> None:
        EngineSettings.objects.create(paused_by=end.status)
        self._reach("end")
        self._reach(f"end {end.status}")


@dataclass
class TouchySession(UnboundSession):
    binding: Touchy
    has_changes = True

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        self.binding._reach("collect")
        return dict(returned)

    def commit(self) -> tuple[Subject, ...]:
        ProcessSubject.objects.all().delete()
        self.binding._reach("commit")
        return (Subject("thing", "1", "Thing one"),)


binding = Touchy()


@step("Look")
def look(context: StepContext) -> State:
    context.progress({"percent": 50})
    return {"seen": True}


@workflow("Touch", target=Target.MODIFY, binding=binding)
def touch() -> StepList:
    return begin >> look
