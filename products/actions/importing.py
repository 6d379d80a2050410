"""Import a catalogue file: all of it or nothing, with a report of what differs; a dry run only reports.

The file is the truth about what it names; what it does not name stays as it is. A field, block or resource type that
says what it was `formerly` is the same under a new name. Without that, one field went and another came, and values
that were delivered are lost: then the file is refused, unless the importer says that they may be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from django.db import transaction

from processes.access import audit
from processes.plugins import registry
from products.actions.editing import check_status
from products.actions.exporting import catalogue_parts
from products.actions.publishing import (
    CatalogueChangeRefused,
    CatalogueInvalid,
    Effect,
    impact,
    pending_changes,
    publish_all,
)
from products.actions.renaming import follow_renames
from products.actions.storing import store_blocks, store_product, store_resource_types
from products.catalogue.merging import Merged, fault_at, merge
from products.catalogue.parts import BlockPart, CatalogueFile, ProductPart, ResourceTypePart
from products.catalogue.reading import CatalogueFileInvalid, Fault, ReadFile, read
from products.catalogue.renaming import renamed
from products.catalogue.writing import write_part
from products.models import Product, ProductStatus
from products.queries.drafts import draft

NamedPart = ResourceTypePart | BlockPart | ProductPart


@dataclass(frozen=True)
class PartChange:
    """A part that the file creates or changes: its kind and name, and the lines that differ, marked + and -."""

    kind: str
    name: str
    created: bool
    lines: tuple[str, ...]

    def __str__(self) -> str:
        act = "create" if self.created else "change"
        return "\n".join([f"{act} {self.kind} {self.name}", *(f"    {line}" for line in self.lines)])


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or in a dry run would do; `str` of it is made for people."""

    filename: str
    dry_run: bool
    changes: tuple[PartChange, ...]
    unchanged: int
    not_in_file: tuple[str, ...]
    lost: tuple[str, ...]
    warnings: tuple[str, ...]
    versions: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([
            *map(str, self.changes),
            *(f"publish {version}" for version in self.versions),
            *(f"keep {name}, which is not in the file" for name in self.not_in_file),
            *(f"lose {sentence}" for sentence in self.lost),
            *(f"warning: {warning}" for warning in self.warnings),
            f"{self.filename}: {len(self.changes)} changed, {self.unchanged} unchanged"
            + (f", {len(self.lost)} with values that are lost" if self.lost else "")
            + (" (dry run: nothing was saved)" if self.dry_run else ""),
        ])  # fmt: skip


@transaction.atomic
def import_catalogue(
    text: str, filename: str, by: str, dry_run: bool = False, *, may_lose_values: bool = False
) -> ImportReport:
    """Make the catalogue what the file says and publish it; `by` is a user name, `filename` is for messages.

    Idempotent. Raises `CatalogueFileInvalid` with every fault and its line; then nothing was imported. Values that were
    delivered and have no place any more are such a fault, unless they may be lost; a dry run only names them.
    """
    file = read(text, filename)
    modelled = draft()
    known = frozenset(modelled.problems())
    existing = catalogue_parts(modelled)
    workflows = {name: workflow.target.value for name, workflow in registry.all_workflows().items()}
    merged = merge(file, existing, workflows, known)
    existing = renamed(existing, file.parts)
    changes = list(_changes(existing, merged.parts))
    try:
        _store(merged, {(change.kind, change.name) for change in changes})
        follow_renames()
        lost = [effect for effect in impact(pending_changes(known)) if effect.lost]
        if lost and not (may_lose_values or dry_run):
            raise CatalogueFileInvalid(_would_be_lost(file, effect) for effect in lost)
        versions = publish_all(by=by, known=known)
    except CatalogueChangeRefused as refused:
        raise CatalogueFileInvalid([Fault(filename, 1, refused.reason)]) from refused
    except CatalogueInvalid as invalid:
        found = [fault_at(file, problem.where, problem.message) for problem in invalid.problems]
        raise CatalogueFileInvalid(found) from invalid
    if changes:
        named = [f"{change.kind} {change.name}" for change in changes]
        audit.record("catalogue.import", by=by, kind="catalogue", subject=filename, detail={"changed": named})
    warnings = (*_warnings(merged.parts.products, set(workflows)), *_left_over())
    if dry_run:
        transaction.set_rollback(True)
    return ImportReport(
        filename=filename,
        dry_run=dry_run,
        changes=tuple(changes),
        unchanged=len(list(_named(merged.parts))) - len(changes),
        not_in_file=tuple(sorted(_names(existing) - _names(merged.parts))),
        lost=tuple(effect.sentence for effect in lost),
        warnings=warnings,
        versions=tuple(f"{version.product.name} version {version.number}" for version in versions),
    )


def _changes(existing: CatalogueFile, wanted: CatalogueFile) -> Iterator[PartChange]:
    before = {(kind, part.name): part for kind, part in _named(existing)}
    for kind, part in _named(wanted):
        old = before.get((kind, part.name))
        if old != part:
            lines = unified_diff(write_part(old) if old else [], write_part(part), n=0, lineterm="")
            shown = tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))
            yield PartChange(kind, part.name, old is None, shown)


def _store(merged: Merged, changed: set[tuple[str, str]]) -> None:
    parts = merged.parts
    store_resource_types([part for part in parts.resource_types if ("resource type", part.name) in changed])
    blocks = [part for part in parts.blocks if ("block", part.name) in changed]
    store_blocks(blocks, [merged.blocks[part.name] for part in blocks])
    for part in parts.products:
        if ("product", part.name) in changed:
            _check_end_of_life(part)
            store_product(part, merged.products[part.name])


def _would_be_lost(file: ReadFile, effect: Effect) -> Fault:
    block, _, field = effect.lost.rpartition(".")
    message = f"{effect.sentence} Say formerly: {field} where it was renamed, or import with --lose-values"
    return fault_at(file, f"block {block}", message)


def _left_over() -> Iterator[str]:
    """What cannot be built and was so before; everything that uses it stays as it was published."""
    yield from (f"{problem}; what uses it stays as it was published" for problem in draft().problems())


def _check_end_of_life(part: ProductPart) -> None:
    product = Product.objects.filter(name=part.name).first()
    if product is not None and product.status != part.status:
        check_status(product, ProductStatus(part.status))


def _named(parts: CatalogueFile) -> Iterator[tuple[str, NamedPart]]:
    yield from (("resource type", part) for part in parts.resource_types)
    yield from (("block", part) for part in parts.blocks)
    yield from (("product", part) for part in parts.products)


def _names(parts: CatalogueFile) -> set[str]:
    return {f"{kind} {part.name}" for kind, part in _named(parts)}


def _warnings(products: Sequence[ProductPart], known: set[str]) -> Iterator[str]:
    offered = {name for part in products for names in part.workflows.values() for name in names}
    yield from (
        f"no workflow named {name} is registered; it will be offered once it is" for name in sorted(offered - known)
    )
