"""Further subscriptions of a process, besides the one it is about: which, and whether they may be worked on now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from processes.engine.options import told_by
from processes.engine.parameters import Askable, check_parameters
from processes.engine.values.errors import DefinitionError, StartRefused
from processes.engine.values.status import Target
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.queries.loading import UnknownSubscription
from subscriptions.queries.starting import Candidate, candidate
from subscriptions.start_rules import StartRule, reason_against

_RULE = StartRule.of(Target.MODIFY)


@dataclass(frozen=True)
class Also:
    """Further subscriptions: those that the state names under a key, as one id or several, or that a function tells.

    They are locked with the first one, and refused unless their status is one of `usable_when`, they and their
    neighbours are in sync, and their customer is that of the first one; the latter two as far as asked for.
    """

    source: str | Callable[..., Any]
    usable_when: frozenset[SubscriptionLifecycle] = _RULE.usable_when
    needs_sync: bool = True
    of_any_customer: bool = False

    @property
    def rule(self) -> StartRule:
        """What is asked of each."""
        return replace(_RULE, usable_when=frozenset(self.usable_when), needs_sync=self.needs_sync)

    @property
    def named(self) -> str:
        """What people may call it."""
        return self.source if isinstance(self.source, str) else "also"

    def ids(self, state: Mapping[str, Any]) -> tuple[UUID, ...]:
        """Which subscriptions. Raises StartRefused when the state does not tell."""
        if callable(self.source):
            told = told_by(self.source, state, "which further subscriptions this is about")
        elif self.source in state:
            told = state[self.source]
        else:
            raise StartRefused(f"The answers do not tell {self.source}, which names further subscriptions.")
        return tuple(self._id(one) for one in _several(told))

    def _id(self, value: Any) -> UUID:
        key = value.get("subscription_id") if isinstance(value, Mapping) else getattr(value, "subscription_id", value)
        try:
            return key if isinstance(key, UUID) else UUID(str(key))
        except ValueError as error:
            raise StartRefused(f"{self.named}: {key!r} names no subscription.") from error


AlsoOption = str | Also | Callable[..., Any] | Sequence[str | Also | Callable[..., Any]]


def all_of(option: AlsoOption | None, name: str) -> tuple[Also, ...]:
    """What the option `also` of this workflow says, each in its long form. Raises DefinitionError."""
    sources = () if option is None else option if isinstance(option, list | tuple) else (option,)
    return tuple(_also(one, f"Workflow {name}: its also") for one in sources)


def _also(option: object, where: str) -> Also:
    also = option if isinstance(option, Also) else Also(option)  # type: ignore[arg-type] # looked at below
    if callable(also.source):
        check_parameters(also.source, where, Askable(has_context=False, supplies=lambda _: False))
    elif not isinstance(also.source, str) or not also.source.isidentifier():
        raise DefinitionError(f"{where} is a key of the state, a function or an Also, not {also.source!r}.")
    return also


def ids_of(further: Iterable[Also], state: Mapping[str, Any], *, but: UUID | None = None) -> dict[UUID, Also]:
    """The subscriptions in the order of their ids, each once, with the first option that names it."""
    named: dict[UUID, Also] = {}
    for also in further:
        for subscription_id in also.ids(state):
            if subscription_id != but:
                named.setdefault(subscription_id, also)
    return dict(sorted(named.items()))


def checked(
    named: Mapping[UUID, Also], *, customer_id: str | None = None, first: UUID | None = None
) -> list[Candidate]:
    """The subscriptions, each of which may be worked on now. Raises StartRefused, naming the one that may not.

    `first` is the one that the process is about, `customer_id` its customer; that those of one process are out of sync
    is their own affair.
    """
    ours = {first, *named}
    return [_checked(subscription_id, also, customer_id, ours) for subscription_id, also in named.items()]


def _checked(subscription_id: UUID, also: Also, customer_id: str | None, ours: set[UUID | None]) -> Candidate:
    try:
        found = candidate(subscription_id, rule=also.rule)
    except UnknownSubscription as unknown:
        raise StartRefused(f"{also.named}: {unknown}") from unknown
    strangers = tuple(one for one in found.facts.out_of_sync if one.subscription_id not in ours)
    reason = reason_against(also.rule, replace(found.facts, out_of_sync=strangers))
    if reason is not None:
        raise StartRefused(f"{also.named}, “{found.description}”: {reason.text}", reason.blockers)
    if customer_id is not None and found.customer_id != customer_id and not also.of_any_customer:
        raise StartRefused(f"{also.named}, “{found.description}”: It belongs to another customer.")
    return found


def _several(told: Any) -> Iterable[Any]:
    match told:
        case None:
            return ()
        case str() | UUID() | Mapping():
            return (told,)
        case Iterable():
            return told
        case _:
            return (told,)
