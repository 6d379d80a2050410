"""Rows for pages of the site: a product that can be ordered, subscriptions of it, processes in every state."""

from datetime import UTC, datetime
from typing import Any

from processes.engine.values.status import ENDED_STATUSES, ProcessStatus, RunState, Target
from processes.models.process import Process, ProcessSubject
from processes.models.workflow import Workflow, WorkflowVersion
from products.models import Product, ProductVersion, ProductWorkflow
from subscriptions.models import Customer, Subscription

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def workflow_version(name: str = "create_node", *, is_task: bool = False) -> WorkflowVersion:
    """The one version of a workflow of that name."""
    target = Target.SYSTEM if is_task else Target.CREATE
    described = {"description": name.replace("_", " ").capitalize(), "target": target, "is_task": is_task}
    workflow, _ = Workflow.objects.get_or_create(name=name, defaults=described)
    version, _ = WorkflowVersion.objects.get_or_create(workflow=workflow, fingerprint="empty", defaults={"plan": []})
    return version


def process(status: ProcessStatus, *, is_task: bool = False, about: str = "", **fields: Any) -> Process:
    """A process in that status, with what the table's rules ask of it."""
    version = workflow_version("bootstrap" if is_task else "create_node", is_task=is_task)
    ended = status in ENDED_STATUSES
    made = Process.objects.create(
        workflow_version=version,
        workflow_name=version.workflow.name,
        target=version.workflow.target,
        is_task=is_task,
        status=status,
        run_state=RunState.ENDED if ended else RunState.STOPPED,
        ended_at=AT if ended else None,
        position_path="start",
        **{"created_by": "operator", "ready_at": AT, "started_at": AT, "last_modified_at": AT, **fields},
    )
    if about:
        ProcessSubject.objects.create(process=made, kind="subscription", subject_id=about, label=about)
    return made


def product(name: str = "node Cisco", *, create: str = "create_node") -> Product:
    """An active product; one that can be ordered unless `create` is empty."""
    made = Product.objects.create(name=name, description=name, product_type="Node", tag="NODE")
    ProductVersion.objects.create(product=made, number=1, schema={}, created_by="modeller")
    if create:
        ProductWorkflow.objects.create(product=made, workflow_name=create, target=Target.CREATE)
    return made


def subscription(of: Product, description: str, *, status: str = "active", insync: bool = True) -> Subscription:
    """A subscription row; ended when terminated."""
    customer, _ = Customer.objects.get_or_create(fullname="Surf", shortcode="SURF")
    return Subscription.objects.create(
        description=description,
        status=status,
        insync=insync,
        product=of,
        product_version=of.versions.get(),
        customer=customer,
        created_at=AT,
        modified_at=AT,
        end_date=AT if status == "terminated" else None,
    )
