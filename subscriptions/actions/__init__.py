"""Change subscriptions. Everything here runs in the caller's transaction or makes one, and says who did it.

Not here: what may follow what (`subscriptions.lifecycle`), the values (`subscriptions.tree`). The rule: a save checks
the version that was loaded, and each change is a version of its own in the history. Begin with `saving`.
"""

from subscriptions.actions.catalogue import catalogue_changed, catalogue_retired, impact
from subscriptions.actions.errors import (
    BlockInUse,
    NotLocked,
    StaleSubscription,
    StatusRefusedByUsers,
    UnfinishedProcesses,
    UnsafeReference,
    ValueTaken,
)
from subscriptions.actions.history import Cause
from subscriptions.actions.minting import ProductChanged, admit, mint
from subscriptions.actions.noting import write_note
from subscriptions.actions.saving import save
from subscriptions.actions.syncing import mark_in_sync, mark_out_of_sync, set_in_sync, settle
from subscriptions.actions.terminating import terminate_unfinished
from subscriptions.actions.validating import record_validation

__all__ = [
    "BlockInUse",
    "Cause",
    "NotLocked",
    "ProductChanged",
    "StaleSubscription",
    "StatusRefusedByUsers",
    "UnfinishedProcesses",
    "UnsafeReference",
    "ValueTaken",
    "admit",
    "catalogue_changed",
    "catalogue_retired",
    "impact",
    "mark_in_sync",
    "mark_out_of_sync",
    "mint",
    "record_validation",
    "save",
    "set_in_sync",
    "settle",
    "terminate_unfinished",
    "write_note",
]
