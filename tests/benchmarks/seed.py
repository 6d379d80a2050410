"""Fill a PostgreSQL with subscriptions and processes, a million in two minutes, as the product itself writes them.

A *group* is twenty subscriptions and four processes. The first group is made by the product's own actions; every other
one is a copy of its rows with other ids, numbers and moments, written by COPY. So a column that the product gains is
copied too. A subscription has two blocks with eight values and some three versions; 60 % are active, every tenth
refers to a block of another one; a process has three steps and one subscription, every fourth has failed.

    with settings that name `tests.benchmarks.workflows` among WORKFLOW_MODULES:
    fill(50_000, processes=10_000)
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID, uuid4

import orjson
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import AutoField, Field, Model
from psycopg import sql

from tests.benchmarks.internals import (
    BlockInstance,
    Cause,
    Customer,
    InstanceRelation,
    Process,
    ProcessSubject,
    Product,
    StateSnapshot,
    Step,
    Subscription,
    SubscriptionVersion,
    UniqueValue,
    import_catalogue,
    load,
    mark_in_sync,
    mint,
    processes,
    run_claimed,
    save,
    store,
    tree,
)
from tests.benchmarks.workflows import change_in_three_steps

GROUP = 20
"""Subscriptions in a group."""
PROCESSES_A_GROUP = 4
CUSTOMERS = 50
PRODUCTS = 5
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""The minute of the first group; each later group is a minute younger."""
STATUSES = ("active",) * 12 + ("provisioning",) * 3 + ("initial",) + ("terminated",) * 4
"""Of the places in a group, in order."""
REFERRING = {10: 0, 11: 1}
"""Places whose access refers to that of another place, as a port refers to its node."""
CHANGED = (4, 5, 6, 7)
"""Places with a process; that of the last has failed."""
AT_A_TIME = 500
"""Groups that are written by one COPY: some 10 MB."""

CATALOGUE = """
resource_types:
  - {name: access_name, kind: string}
  - {name: access_speed, kind: integer}
  - {name: access_mode, kind: enum, choices: [tagged, untagged]}
  - {name: is_enabled, kind: boolean}
  - {name: has_lldp, kind: boolean}
  - {name: vlan, kind: vlan_ranges}
  - {name: mtu, kind: integer}
  - {name: remark, kind: string}
blocks:
  - name: Access
    description: Where a customer is connected.
    fields:
      - {name: access_name, required_from: provisioning, unique_scope: global}
      - {name: access_speed, required_from: provisioning}
      - {name: access_mode, default: tagged}
      - {name: is_enabled, default: true}
      - {name: has_lldp, default: false}
      - {name: service, kind: block, blocks: [Service], required_from: initial}
      - {name: neighbour, kind: optional_block, blocks: [Access], owned: false}
  - name: Service
    description: What is delivered there.
    fields:
      - {name: vlan}
      - {name: mtu}
      - {name: remark}
products:
""" + "".join(
    f"""
  - name: access {number}
    description: A connection of kind {number}
    product_type: Access
    tag: ACC{number}
    blocks: [{{name: access, block: Access}}]
    workflows:
      create: [create_subscription]
      modify: [modify_note, change_in_three_steps]
      terminate: [terminate_subscription]
"""
    for number in range(1, PRODUCTS + 1)
)

_NUMBER = "g0000000"
"""The number of a group as it stands in names and descriptions."""
_PREFIX = "\x01"
"""Stands for the first eight digits of an id."""
_SPREAD = 2_654_435_761
"""Odd, so that no two groups below 2**32 get the same prefix; ids of neighbours lie far apart, as random ones do."""
_SUBSCRIPTION_TABLES: tuple[tuple[type[Model], str], ...] = (
    (Subscription, "id"),
    (BlockInstance, "subscription_id"),
    (InstanceRelation, "subscription_id"),
    (SubscriptionVersion, "subscription_id"),
)
_PROCESS_TABLES: tuple[tuple[type[Model], str], ...] = (
    (Process, "id"),
    (Step, "process_id"),
    (StateSnapshot, "process_id"),
    (ProcessSubject, "process_id"),
)


@dataclass(frozen=True)
class Pattern:
    """The rows of a table in the first group, in the text form of COPY, with a mark for the prefix of each id.

    `digests` maps a digest in it to the name that it is of.
    """

    table: str
    columns: tuple[str, ...]
    text: str
    digests: tuple[tuple[str, str], ...] = ()

    def of_group(self, group: int, customers: Sequence[str]) -> str:
        """The rows of another group."""
        at = BEGAN + timedelta(minutes=group)
        text = self.text.replace(_PREFIX, f"{group * _SPREAD & 0xFFFFFFFF:08x}").replace(_NUMBER, f"g{group:07d}")
        text = text.replace(str(customers[0]), str(customers[group % len(customers)]))
        text = text.replace(f"{BEGAN:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M}")
        text = text.replace(f"{BEGAN:%Y-%m-%dT%H:%M}", f"{at:%Y-%m-%dT%H:%M}")
        for digest, name in self.digests:
            text = text.replace(digest, digest_of(name.replace(_NUMBER, f"g{group:07d}")))
        return text


def fill(subscriptions: int, *, processes: int = 0) -> None:
    """Let there be so many subscriptions and processes, rounded up to whole groups; those of before stay and count.

    On PostgreSQL, as a superuser, with no processes ready to run; asks for statistics at the end.
    """
    first = _first_group() or _make_first_group()
    customers = _customers()
    here = _groups_here()
    _copy_groups(_subscription_patterns(first), customers, range(here[0], -(-subscriptions // GROUP)))
    _copy_groups(_process_patterns(first), customers, range(here[1], -(-processes // PROCESSES_A_GROUP)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")


def digest_of(name: str) -> str:
    """The digest by which a unique text is kept."""
    return hashlib.sha256(orjson.dumps(name)).hexdigest()


def drive() -> None:
    """Be a worker until nothing is ready."""
    while (claim := store.claim("seed")) is not None:
        run_claimed(claim)


def name_of(group: int, place: int) -> str:
    """The name of an access."""
    return f"access-g{group:07d}-{place:02d}"


def _first_group() -> list[UUID]:
    rows = Subscription.objects.filter(description__contains=_NUMBER)
    return list(rows.values_list("id", flat=True))


def _groups_here() -> tuple[int, int]:
    """How many groups have their subscriptions, and how many their processes."""
    changes = Process.objects.filter(workflow_name=change_in_three_steps.name)
    return (
        Subscription.objects.filter(description__startswith="access-g").count() // GROUP,
        changes.count() // PROCESSES_A_GROUP,
    )


def _customers() -> list[str]:
    """Those that the groups take turns with; the first one is that of the first group."""
    rows = Customer.objects.filter(shortcode__startswith="seed-").order_by("shortcode")
    return list(rows.values_list("id", flat=True))


# The first group, made by the product.


def _make_first_group() -> list[UUID]:
    import_catalogue(CATALOGUE, filename="seed.yaml", by="seed")
    Customer.objects.bulk_create(
        Customer(fullname=f"Customer {number} of the benchmarks", shortcode=f"seed-{number:02d}")
        for number in range(CUSTOMERS)
    )
    products = list(Product.objects.filter(name__startswith="access ").order_by("name"))
    customer = _customers()[0]
    group: list[tree.Subscription] = []
    for place, status in enumerate(STATUSES):
        new = mint(products[place % PRODUCTS].pk, customer_id=customer, subscription_id=uuid4(), cause=_cause(place))
        group.append(_delivered(new, group, place, status))
    ids = [one.subscription_id for one in group]
    _change(ids)
    return ids


def _cause(place: int) -> Cause:
    return Cause("seed", BEGAN + timedelta(seconds=place))


def _delivered(
    new: tree.Subscription, group: Sequence[tree.Subscription], place: int, status: str
) -> tree.Subscription:
    """The subscription with its values, in its status, and in sync where it is in use."""
    _describe(new, place)
    if place in REFERRING:
        new.access.neighbour = group[REFERRING[place]].access
    for step in _way_to(status):
        new.move_to(step)
    save([new], cause=_cause(place))
    if status in {"active", "terminated"}:
        mark_in_sync(new.subscription_id)
    return load(new.subscription_id)


def _describe(new: tree.Subscription, place: int) -> None:
    new.description = name_of(0, place)
    new.note = f"Ordered by telephone, number {place}."
    access = new.access
    access.access_name = name_of(0, place)
    access.access_speed = 10_000
    access.service.vlan = f"{100 + place}"
    access.service.mtu = 1_000 if place == CHANGED[-1] else 9_000
    access.service.remark = f"Second floor, room {place}"


def _way_to(status: str) -> tuple[str, ...]:
    match status:
        case "initial":
            return ()
        case "terminated":
            return ("provisioning", "terminated")
        case _:
            return (status,)


def _change(ids: Sequence[UUID]) -> None:
    """The processes of the first group, run to their end, and then as old as their subscriptions."""
    operator, _ = User.objects.get_or_create(username="seed")
    operator.groups.add(Group.objects.get_or_create(name="operator")[0])
    for place in CHANGED:
        pages = [{"subscription_id": str(ids[place])}]
        process = processes.start(change_in_three_steps.name, pages, by=operator)
        drive()
        at = BEGAN + timedelta(seconds=place)
        ended = Process.objects.filter(pk=process.pk)
        ended.update(started_at=at, last_modified_at=at)
        ended.exclude(ended_at=None).update(ended_at=at)
        Step.objects.filter(process=process.pk).update(started_at=at, completed_at=at)
        SubscriptionVersion.objects.filter(process_id=process.pk).update(at=at)
        Subscription.objects.filter(pk=ids[place]).update(modified_at=at)


# The others, copied.


def _subscription_patterns(first: Sequence[UUID]) -> list[Pattern]:
    ids = [*first, *BlockInstance.objects.filter(subscription__in=first).values_list("id", flat=True)]
    ids += _changes_of(first)
    patterns = [_pattern(model, column, first, ids) for model, column in _SUBSCRIPTION_TABLES]
    instances = [one for one in ids if one not in first]
    unique = _pattern(UniqueValue, "instance_id", instances, ids)
    names = [name_of(0, place) for place in range(GROUP)]
    digests = tuple((digest_of(name), name) for name in names)
    return [*patterns, Pattern(unique.table, unique.columns, unique.text, digests)]


def _changes_of(first: Sequence[UUID]) -> list[UUID]:
    """The processes of the first group."""
    subjects = ProcessSubject.objects.filter(subject_id__in=[str(one) for one in first])
    rows = subjects.filter(process__workflow_name=change_in_three_steps.name)
    return list(rows.values_list("process_id", flat=True))


def _process_patterns(first: Sequence[UUID]) -> list[Pattern]:
    ids = _changes_of(first)
    return [_pattern(model, column, ids, [*ids, *first]) for model, column in _PROCESS_TABLES]


def _pattern(model: type[Model], column: str, owners: Sequence[UUID], ids: Iterable[UUID]) -> Pattern:
    columns = tuple(str(field.column) for field in model._meta.concrete_fields if _is_copied(field))
    question = sql.SQL("COPY (SELECT {} FROM {} WHERE {} = ANY({}) ORDER BY ctid) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(model._meta.db_table),
        sql.Identifier(column),
        sql.Literal(list(owners)),
    )
    with connection.cursor() as cursor, cursor.copy(question) as rows:
        text = b"".join(rows).decode()
    for one in map(str, ids):
        text = text.replace(one, _PREFIX + one[8:])
    return Pattern(model._meta.db_table, columns, text)


def _is_copied(field: "Field[object, object]") -> bool:
    """Numbers are given by the database, generated columns filled by it."""
    return not isinstance(field, AutoField) and not field.generated


def _copy_groups(patterns: Sequence[Pattern], customers: Sequence[str], groups: range) -> None:
    """In the order of the tables, so that each row finds what it refers to; without asking whether it does."""
    if not groups:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no checks of references: three times as fast
        try:
            for pattern in patterns:
                _copy(pattern, customers, groups)
        finally:
            cursor.execute("SET session_replication_role = origin")


def _copy(pattern: Pattern, customers: Sequence[str], groups: range) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(pattern.table), sql.SQL(", ").join(map(sql.Identifier, pattern.columns))
    )
    numbers = iter(groups)
    while some := list(islice(numbers, AT_A_TIME)):
        with connection.cursor() as cursor, cursor.copy(statement) as rows:
            for text in _texts(pattern, customers, some):
                rows.write(text)


def _texts(pattern: Pattern, customers: Sequence[str], groups: Iterable[int]) -> Iterator[str]:
    return (pattern.of_group(group, customers) for group in groups)
