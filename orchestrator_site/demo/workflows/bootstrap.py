"""The task that fills an empty inventory with the demo network; run again, it skips what is there."""

from collections.abc import Iterable, Mapping

from orchestrator_site.demo.clients.inventory import Ensured, Inventory, connect
from orchestrator_site.demo.clients.inventory_objects import Prefix
from processes.engine import Retry, State, StepContext, StepList, begin, done, step, task

SITES = ("Amsterdam", "Paris", "London", "Madrid", "Rome")
DEVICE_ROLES = ("Provider", "Provider Edge")
DEVICE_TYPES: Mapping[str, tuple[str, ...]] = {
    "Cisco": ("8812", "ASR 903"),
    "Nokia": ("7950 XRS-20", "7210 SAS-R6", "7220 IXR-D2", "7220 IXR-D3"),
    "Cumulus": ("cVX",),
    "FRR": ("VM",),
}
LOOPBACKS_IPV4 = "10.0.127.0/24"
LOOPBACKS_IPV6 = "fc00:0:0:127::/64"
PREFIXES = {
    LOOPBACKS_IPV4: "IPv4 loopbacks",
    LOOPBACKS_IPV6: "IPv6 loopbacks",
    "10.0.10.0/24": "IPv4 core links",
    "fc00:0:0:10::/64": "IPv6 core links",
}
PATIENCE = Retry(tries=5, delay=0.5, factor=2)  # the inventory may still be starting


@step("Create sites", key="create-sites", system="inventory", retry=PATIENCE)
def create_sites(step: StepContext) -> State:
    """The five cities."""
    with connect() as inventory:
        made = {name: inventory.ensure_site(name, slug(name), key=step.idempotency_key) for name in SITES}
    return {"sites": report(made)}


@step("Create device roles", key="create-device-roles", system="inventory", retry=PATIENCE)
def create_device_roles(step: StepContext) -> State:
    """What devices are for."""
    with connect() as inventory:
        made = {name: inventory.ensure_device_role(name, slug(name), key=step.idempotency_key) for name in DEVICE_ROLES}
    return {"device_roles": report(made)}


@step("Create manufacturers", key="create-manufacturers", system="inventory", retry=PATIENCE)
def create_manufacturers(step: StepContext) -> State:
    """Who makes devices; the products' `node_type` is one of these names."""
    with connect() as inventory:
        made = {
            name: inventory.ensure_manufacturer(name, slug(name), key=step.idempotency_key) for name in DEVICE_TYPES
        }
    return {"manufacturers": report(made)}


@step("Create device types", key="create-device-types", system="inventory", retry=PATIENCE)
def create_device_types(step: StepContext) -> State:
    """The models of each manufacturer."""
    with connect() as inventory:
        made = {
            f"{maker} {model}": ensured
            for maker, models in DEVICE_TYPES.items()
            for model, ensured in _models(inventory, maker, models, key=step.idempotency_key)
        }
    return {"device_types": report(made)}


@step("Create prefixes", key="create-prefixes", system="inventory", retry=PATIENCE)
def create_prefixes(step: StepContext) -> State:
    """Where loopback and core link addresses come from."""
    with connect() as inventory:
        made: dict[str, Ensured[Prefix]] = {
            prefix: inventory.ensure_prefix(prefix, description, key=step.idempotency_key)
            for prefix, description in PREFIXES.items()
        }
    return {"prefixes": report(made)}


@task("Fill the inventory with the demo network")
def bootstrap() -> StepList:
    """Sites, roles, manufacturers, device types and prefixes."""
    return (
        begin
        >> create_sites
        >> create_device_roles
        >> create_manufacturers
        >> create_device_types
        >> create_prefixes
        >> done
    )


def slug(name: str) -> str:
    """A name as part of an address."""
    return "-".join(name.lower().split())


def report(made: Mapping[str, Ensured[object]]) -> dict[str, list[str]]:
    """Which names are new and which were there."""
    return {
        "created": [name for name, ensured in made.items() if ensured.created],
        "skipped": [name for name, ensured in made.items() if not ensured.created],
    }


def _models(
    inventory: Inventory, maker: str, models: Iterable[str], *, key: str
) -> Iterable[tuple[str, Ensured[object]]]:
    manufacturer = inventory.ensure_manufacturer(maker, slug(maker), key=key).object
    for model in models:
        yield model, inventory.ensure_device_type(manufacturer, model, slug(f"{maker} {model}"), key=key)
