"""What may be done to the catalogue: publish what is modelled, edit a product, import and export files.

Not here: who may (`processes.access`), and what becomes of delivered subscriptions (listeners in
`subscriptions.actions.catalogue`). The rule: one transaction, in which every product is published or none. Begin with
`publishing`.
"""

from products.actions.editing import check_status, describe, update_product
from products.actions.exporting import export_catalogue
from products.actions.importing import ImportReport, PartChange, import_catalogue
from products.actions.publishing import (
    CatalogueChangeRefused,
    CatalogueInvalid,
    Effect,
    PendingChange,
    Problems,
    impact,
    known_problems,
    pending_changes,
    publish,
    publish_all,
)
from products.actions.renaming import follow_renames
from products.catalogue.reading import CatalogueFileInvalid, Fault

__all__ = [
    "CatalogueChangeRefused",
    "CatalogueFileInvalid",
    "CatalogueInvalid",
    "Effect",
    "Fault",
    "ImportReport",
    "PartChange",
    "PendingChange",
    "Problems",
    "check_status",
    "describe",
    "export_catalogue",
    "follow_renames",
    "impact",
    "import_catalogue",
    "known_problems",
    "pending_changes",
    "publish",
    "publish_all",
    "update_product",
]
