"""What happens between two requests of the tour; with conftest the only file of it that knows the product's modules."""

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from processes.plugins import registry
from tests.contracts.stops import Meanwhile
from tests.fakes.inventory import InventoryFake
from tests.orchestrator_site.demo.conftest import run_ready

DEFINITIONS = "tests.contracts.definitions"


def drive() -> Meanwhile:
    """Let workers run whatever is ready until nothing is."""
    return Meanwhile(lambda _: run_ready())


def spoil(method: str, path: str, *, status: int = 503, times: int = 1) -> Meanwhile:
    """Let the next calls of the inventory fail."""
    return Meanwhile(lambda inventory: inventory.spoil(method, path, status=status, times=times))


def describe_device(name: str, description: str) -> Meanwhile:
    """Change a device of the inventory behind the orchestrator's back."""

    def change(inventory: InventoryFake) -> None:
        device = inventory.one("dcim/devices", name=name)
        inventory.drift("dcim/devices", device["id"], description=description)

    return Meanwhile(change)


def sign_on_worker() -> Meanwhile:
    """Let a worker of another host say that it lives."""

    def sign_on(_: InventoryFake) -> None:
        now = timezone.now()
        worker = {"id": "host-1-4242-a1b2c3", "host": "host-1", "pid": 4242, "started_at": now, "beat_at": now}
        apps.get_model("processes", "Worker")._default_manager.create(**worker)

    return Meanwhile(sign_on)


def release(definitions: str) -> Meanwhile:
    """Bring the task `relabel` as it is in this module of `definitions`; "" takes it away. Ends with its area."""

    def switch(_: InventoryFake) -> None:
        ours = [f"{DEFINITIONS}.{definitions}"] if definitions else []
        settings.WORKFLOW_MODULES = [
            *(name for name in settings.WORKFLOW_MODULES if not name.startswith(DEFINITIONS)), *ours
        ]  # fmt: skip
        registry.reload()

    return Meanwhile(switch)
