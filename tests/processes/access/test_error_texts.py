"""Viewers read that something failed; operators read why."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.access import error_texts
from processes.access.viewer import shown_to
from processes.engine.values.status import ProcessStatus, StepStatus
from processes.models import Process
from tests.factories import processes as factory

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
SECRET = "token=s3cr3t at db.internal"
ERROR = {"class": "ValueError", "message": SECRET, "traceback": f"Traceback: {SECRET}"}


@pytest.fixture
def failed(roles: None) -> Process:
    process = factory.process(ProcessStatus.FAILED)
    Process.objects.filter(pk=process.pk).update(
        failed_reason=SECRET, traceback=f"Traceback: {SECRET}", error_class="ValueError"
    )
    factory.step(process, status=StepStatus.FAILED, error=ERROR)
    return process


@pytest.mark.parametrize(("name", "reads"), [("viewer", False), ("modeller", False), ("operator", True)])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/processes/{pk}/",
        "/processes/{pk}/export/",
        "/processes/{pk}/live/",
        "/processes/{pk}/values/?step=create&visit=1&attempt=1",
        "/processes/{pk}/values/?step=create&visit=1&attempt=1&as=file",
        "/processes/{pk}/state/",
        "/processes/?view=all&format=json",
        "/api/processes/",
        "/api/processes/{pk}",
    ],
)
def test_exceptions_are_for_operators(
    path: str, name: str, reads: bool, failed: Process, request: pytest.FixtureRequest
) -> None:
    """Fault M14: viewers read exception texts and tracebacks, at last on the page of a try's values."""
    client = Client()
    client.force_login(request.getfixturevalue(name), BACKEND)

    answer = client.get(path.format(pk=failed.pk))
    text = b"".join(answer).decode()

    assert answer.status_code == 200
    assert "s3cr3t" not in text or reads
    if "api" in path or path == "/processes/{pk}/" or path.endswith("attempt=1"):
        assert ("s3cr3t" in text) is reads
        assert (error_texts.PLAIN in text) is not reads


def test_search_does_not_tell_what_is_not_shown(failed: Process, viewer: User, operator: User) -> None:
    client = Client()
    found = []
    for user in (viewer, operator):
        client.force_login(user, BACKEND)
        found.append(len(client.get("/api/processes/", {"search": "s3cr3t"}).json()))

    assert found == [0, 1]


def test_where_nobody_looks_everything_is_told(viewer: User) -> None:
    assert error_texts.error(ERROR) == ERROR
    with shown_to(lambda: viewer):
        assert error_texts.error(ERROR) == {"class": "ValueError", "message": error_texts.PLAIN}
        assert error_texts.error(None) is None
        assert (error_texts.reason(None), error_texts.traceback(SECRET)) == (None, None)
