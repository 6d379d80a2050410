"""Publish what is modelled: an immutable version for each product whose model changed, or a refusal of all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils.module_loading import import_string

from processes.access import audit
from processes.access.permissions import Action, decide
from processes.access.viewer import present_viewer, seen_ids
from products.models import Product, ProductVersion
from products.queries.drafts import draft
from products.schema import ModelProblem, ProductSchema, unsound_blocks


class CatalogueInvalid(ValueError):
    """What is modelled cannot be built; `problems` says where and why."""

    def __init__(self, problems: Sequence[ModelProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class CatalogueChangeRefused(Exception):
    """A change of the catalogue that what was already delivered does not allow; raised by hooks."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class PendingChange:
    """A product whose model is not what was published last; `old` is None for a new one."""

    product: Product
    old: ProductVersion | None
    schema: ProductSchema


@dataclass(frozen=True)
class Effect:
    """What a change does to something delivered, as a sentence; `lost` is the field (`Node.ims_id`) whose values go."""

    sentence: str
    lost: str = ""


Problems = frozenset[ModelProblem]


def known_problems() -> Problems:
    """What cannot be built of the catalogue as it is: to be asked before a change that does not make it any worse."""
    return frozenset(draft().problems())


def pending_changes(known: Problems = frozenset()) -> list[PendingChange]:
    """What publishing would change, by product name; raises `CatalogueInvalid` for problems that are not known, and
    `CatalogueChangeRefused` where whoever asks may not change one of the products.

    What cannot be built because of a known one stays as it was published.
    """
    modelled = draft()
    problems = modelled.problems()
    if new := [problem for problem in problems if problem not in known]:
        raise CatalogueInvalid(new)
    unsound = unsound_blocks(problems)
    places = {problem.where.partition(",")[0] for problem in problems}
    published = {version.product_id: version for version in _latest_versions()}
    changes = []
    for product in Product.objects.order_by("name"):
        if (
            f"product {product.name}".partition(",")[0] in places
            or unsound & modelled.products[product.name].blocks.keys()
        ):
            continue
        old = published.get(product.pk)
        schema = replace(modelled.products[product.name], version=old.number + 1 if old else 1)
        if old is None or not schema.same_model(ProductSchema.from_json(old.schema)):
            changes.append(PendingChange(product, old, schema))
    _check_rights([change.product for change in changes])
    return changes


def _check_rights(products: Sequence[Product]) -> None:
    """Refuse a change of what products share unless each of them may be changed; where nobody asks, all may be."""
    viewer = present_viewer()
    if viewer is None:
        return
    closed = [one for one in products if not decide(viewer, Action.EDIT_CATALOGUE, one).allowed]
    if closed:
        seen = seen_ids(Product, [one.pk for one in closed])
        names = [one.name for one in closed if one.pk in seen]
        more = [f"{len(closed) - len(names)} that you may not see"] if len(names) < len(closed) else []
        raise CatalogueChangeRefused(f"This changes products that you may not change: {', '.join([*names, *more])}.")


def impact(changes: Sequence[PendingChange]) -> list[Effect]:
    """What the changes mean for what was delivered; empty when nothing is affected."""
    if not settings.CATALOGUE_IMPACT:
        return []
    ask = import_string(settings.CATALOGUE_IMPACT)
    return [effect for change in changes if change.old for effect in ask(change.product, change.schema)]


@transaction.atomic
def publish_all(by: str, known: Problems = frozenset()) -> list[ProductVersion]:
    """Publish every product whose model changed; all of it or nothing, one publisher at a time.

    `by` is a user name; `known` is for `pending_changes`. Raises `CatalogueInvalid`, or `CatalogueChangeRefused` from a
    hook.
    """
    list(Product.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    return [_publish(change, by=by) for change in pending_changes(known)]


@transaction.atomic
def publish(product: Product, by: str) -> ProductVersion | None:
    """Publish one product if its model changed, else give None; raises as `publish_all`."""
    list(Product.objects.select_for_update().filter(pk=product.pk).values_list("pk", flat=True))
    mine = [change for change in pending_changes() if change.product == product]
    return _publish(mine[0], by=by) if mine else None


def _publish(change: PendingChange, *, by: str) -> ProductVersion:
    version = ProductVersion.objects.create(
        product=change.product, number=change.schema.version, schema=change.schema.to_json(), created_by=by
    )
    for hook in hooks(settings.CATALOGUE_CHANGE_HOOKS):
        hook(change.product, change.old, version, by)
    detail = {"product": change.product.name, "version": version.number}
    audit.record("catalogue.publish", by=by, kind="product", subject=change.product.pk, detail=detail)
    return version


def hooks(paths: Sequence[str]) -> list[Any]:
    """What the dotted paths of a setting name."""
    return [import_string(path) for path in paths]


def _latest_versions() -> Sequence[ProductVersion]:
    latest = ProductVersion.objects.annotate(latest=Max("product__versions__number"))
    return list(latest.filter(number=F("latest")))
