"""The smallest site of orchestrator-core 5.5 with the products and the workflow of the benchmarks; sign-in is off."""

from orchestrator.core import OrchestratorCore
from orchestrator.core.cli.main import app as command_line
from orchestrator.core.domain import SUBSCRIPTION_MODEL_REGISTRY, SubscriptionModel
from orchestrator.core.domain.base import ProductBlockModel
from orchestrator.core.settings import AppSettings
from orchestrator.core.targets import Target
from orchestrator.core.types import SubscriptionLifecycle
from orchestrator.core.workflow import StepList, done, init, step, workflow
from orchestrator.core.workflows import LazyWorkflowInstance


class ServiceInactive(ProductBlockModel, product_block_name="Service"):
    vlan: str | None = None
    mtu: int | None = None
    remark: str | None = None


class Service(ServiceInactive, lifecycle=[SubscriptionLifecycle.ACTIVE]):
    vlan: str
    mtu: int
    remark: str


class AccessInactive(ProductBlockModel, product_block_name="Access"):
    access_name: str | None = None
    access_speed: int | None = None
    access_mode: str | None = None
    is_enabled: bool | None = None
    has_lldp: bool | None = None
    service: ServiceInactive | None = None


class Access(AccessInactive, lifecycle=[SubscriptionLifecycle.ACTIVE]):
    access_name: str
    access_speed: int
    access_mode: str
    is_enabled: bool
    has_lldp: bool
    service: Service


class DeliveredInactive(SubscriptionModel, is_base=True):
    access: AccessInactive | None = None


class Delivered(DeliveredInactive, lifecycle=[SubscriptionLifecycle.ACTIVE]):
    access: Access


SUBSCRIPTION_MODEL_REGISTRY.update({f"access {number}": Delivered for number in range(1, 6)})


@workflow(target=Target.SYSTEM)
def do_nothing_twenty_times() -> StepList:
    steps = init
    for number in range(20):

        @step(f"Step {number}")
        def nothing() -> dict[str, object]:
            return {}

        steps = steps >> nothing
    return steps >> done


LazyWorkflowInstance("main", "do_nothing_twenty_times")
app = OrchestratorCore(base_settings=AppSettings())

if __name__ == "__main__":
    command_line()
