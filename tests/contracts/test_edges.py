"""Values at the edge of each kind go round unchanged through every door, or are refused at their field.

Each kind, edge, door and zone, on the database of the lane. Doors: a step, the REST interface, a start in Python, the
page of a form, a catalogue file, the command that imports one, the modelling tool.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from processes import actions, store
from processes.execution import drive
from processes.forms import FormInvalid
from processes.models import Process
from processes.plugins import registry
from products.actions import CatalogueFileInvalid, export_catalogue, import_catalogue
from products.admin.entry import default_text
from products.catalogue.writing import Dumper
from products.models import BlockField, Product, ProductBlock
from subscriptions import tree
from subscriptions.actions import save
from subscriptions.models import Subscription
from subscriptions.queries.loading import load
from subscriptions.tree.errors import ValueRefused
from tests.contracts.edges import EDGES, KINDS, ROUNDS, WRONG_ROUNDS, Edge, catalogue
from tests.factories import subscriptions as make
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db(transaction=True)

ZONES = ["UTC", "Europe/Amsterdam", "Australia/Lord_Howe"]
Round = Mapping[str, Edge]
Kept = dict[str, Any]
ONE_ZONE = {"file", "command", "model"}
"""Doors that know no zone."""
TYPED = {"page", "model"}
"""Doors at which everything is a text."""


class Refused(Exception):
    """A door has refused a value at its field."""


class Doors:
    """Every way in, and what is kept afterwards."""

    def __init__(self, operator: User, modeller: User, folder: Path) -> None:
        self.operator, self.folder = operator, folder
        self.shown: dict[str, Any] = {}
        self.api = APIClient()
        self.api.force_authenticate(operator)
        self.visitor, self.modelling = Client(), Client()
        self.visitor.force_login(operator)
        self.modelling.force_login(modeller)

    def step(self, edges: Round) -> Kept:
        subscription = make.minted("edges")
        try:
            for kind, edge in edges.items():
                setattr(subscription.root, kind, edge.given)
        except ValueRefused as error:
            raise Refused(error.field) from error
        save([subscription], cause=make.CAUSE)
        return kept(subscription.subscription_id)

    def rest(self, edges: Round) -> Kept:
        body = as_json(pages(edges))
        answer: Any = self.api.post("/api/processes/create_subscription", body, content_type="application/json")
        if answer.status_code == 400:
            raise Refused(*{one["loc"][0] for one in answer.json()["validation_errors"]})
        assert answer.status_code == 201, answer.content
        return self._run()

    def start(self, edges: Round) -> Kept:
        try:
            actions.start("create_subscription", pages(edges), by=self.operator)
        except FormInvalid as invalid:
            raise Refused(*{one["loc"][0] for one in invalid.errors}) from invalid
        return self._run()

    def page(self, edges: Round) -> Kept:
        product = Product.objects.get(name="edges").pk
        begun: Any = self.visitor.get(f"/workflows/create_subscription/start/?product={product}")
        typed = {kind: as_typed(edge) for kind, edge in edges.items()}
        answer: Any = self.visitor.post(begun.url, {"customer_id": str(make.customer().pk), **typed})
        if answer.status_code != 302:
            raise Refused(*(name for name, said in answer.context["form"].errors.items() if said))
        self.visitor.post(answer.url, {})
        return self._run()

    def file(self, edges: Round) -> Kept:
        text = edges_file(edges)
        try:
            import_catalogue(text, "edges.yaml", by="modeller")
        except CatalogueFileInvalid as invalid:
            raise Refused(*_named(edges, text, [(str(one), one.line) for one in invalid.faults])) from invalid
        exported = export_catalogue()
        assert import_catalogue(exported, "again.yaml", by="modeller").changes == ()
        assert export_catalogue() == exported
        return defaults()

    def command(self, edges: Round) -> Kept:
        text = edges_file(edges)
        path = self.folder / "edges.yaml"
        path.write_text(text)
        try:
            call_command("catalogue", "import", str(path), stdout=StringIO())
        except CommandError as invalid:
            lines = [(line, int(found[1])) for line in str(invalid).splitlines() if (found := _LINE.search(line))]
            raise Refused(*_named(edges, text, lines)) from invalid
        return defaults()

    def model(self, edges: Round) -> Kept:
        address = f"/admin/products/productblock/{ProductBlock.objects.get(name='Edges').pk}/change/"
        numbers = {name: place for place, name in enumerate(BlockField.objects.values_list("name", flat=True))}
        typed = {f"fields-{numbers[kind]}-default_text": as_typed(edge) for kind, edge in edges.items()}
        self.shown = self.shown or as_sent(self.modelling, address)
        answer: Any = self.modelling.post(address, {**self.shown, **typed})
        if answer.status_code != 302:
            forms = answer.context["inline_admin_formsets"][0].formset.forms
            raise Refused(*(form.cleaned_data["name"] for form in forms if "default_text" in form.errors))
        return defaults()

    def _run(self) -> Kept:
        while (claim := store.claim("worker-1")) is not None:
            drive.run_claimed(claim)
        assert Process.objects.latest("started_at").status == "completed"
        row = Subscription.objects.latest("created_at")
        answer = self.api.get(f"/api/subscriptions/domain-model/{row.pk}")
        found = kept(row.pk)
        assert {kind: answer.json()["root"][kind] for kind in KINDS} == found
        return found


def edges_file(edges: Round) -> str:
    """The catalogue with these values as defaults."""
    fields = [{"name": kind, "default": edge.given} for kind, edge in edges.items()]
    written = yaml.dump(fields, Dumper=_WithNumbers, allow_unicode=True, sort_keys=False)
    return catalogue("".join(f"      {line}\n" for line in written.splitlines()))


def _named(edges: Round, text: str, faults: list[tuple[str, int]]) -> set[str]:
    """The kinds that faults name, in their words or by their line."""
    lines = text.splitlines()
    return {kind for kind in edges for said, line in faults if kind in f"{said}\n{lines[line - 1]}"}


_LINE = re.compile(r"edges\.yaml:(\d+)")
_MARK = "<number>"


def _number(number: Decimal) -> str:
    return f"{_MARK}{number}{_MARK}"


class _WithNumbers(Dumper):
    """Writes a decimal as a number."""


def _decimal(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", str(number))


_WithNumbers.add_multi_representer(Decimal, _decimal)


def pages(edges: Round) -> list[dict[str, Any]]:
    product = str(Product.objects.get(name="edges").pk)
    answers = {kind: edge.given for kind, edge in edges.items()}
    return [{"product": product}, {"customer_id": str(make.customer().pk), **answers}, {}]


def as_typed(edge: Edge) -> str:
    """What a person types, or chooses, for a value."""
    if edge.is_refused and not isinstance(edge.given, str):
        return as_json(edge.given)
    if edge.kind == "json" or not isinstance(edge.given, str | bool):
        return default_text(edge.given, "scalar", edge.kind) if not isinstance(edge.given, Decimal) else str(edge.given)
    return str(edge.given)


def as_json(value: Any) -> str:
    """JSON with numbers of any length."""
    return json.dumps(value, default=_number).replace(f'"{_MARK}', "").replace(f'{_MARK}"', "")


def can_be_typed(edge: Edge) -> bool:
    """Whether it is wrong as a text, too: the number 5 is a right text, and a field of one line has no second."""
    if edge.kind in {"string", "text", "enum", "decimal", "boolean"}:
        return isinstance(edge.given, str) and edge.kind != "boolean" and "\n" not in edge.given
    return not isinstance(edge.given, bool)


def kept(subscription_id: Any) -> Kept:
    values = load(subscription_id).root
    return {kind: tree.node_of(values).json(kind) for kind in KINDS}


def defaults() -> Kept:
    return dict(BlockField.objects.filter(name__in=KINDS).values_list("name", "default"))


def with_type(value: Any) -> Any:
    """The value with its type: 1.0 is not 1, and false is not 0."""
    return (type(value).__name__, value)


@pytest.fixture
def doors(settings: Settings, operator: User, modeller: User, tmp_path: Path) -> Iterator[Doors]:
    settings.WORKFLOW_MODULES = ["subscriptions.workflows.builtin"]
    registry.reload()
    make.catalogue(catalogue())
    make.customer()
    yield Doors(operator, modeller, tmp_path)
    registry.reload()


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, settings: Settings) -> Iterator[str]:
    settings.TIME_ZONE = request.param
    with timezone.override(ZoneInfo(request.param)):
        yield request.param


@pytest.mark.parametrize("door", ["step", "rest", "start", "page", "file", "command", "model"])
def test_values_at_the_edge_go_round(doors: Doors, zone: str, door: str) -> None:
    if door in ONE_ZONE and zone != "Europe/Amsterdam":
        pytest.skip("knows no zone")
    for edges in ROUNDS[ZONES.index(zone) :: 1 if door == "step" else len(ZONES)]:
        found = getattr(doors, door)(edges)

        wanted = {kind: edge.kept for kind, edge in edges.items()}
        assert {kind: with_type(found[kind]) for kind in wanted} == {
            kind: with_type(value) for kind, value in wanted.items()
        }


@pytest.mark.parametrize("door", ["step", "rest", "start", "file"])
def test_values_beyond_the_edge_are_refused_at_their_field(doors: Doors, zone: str, door: str) -> None:
    for edge in [edge for edge in EDGES if edge.is_refused][ZONES.index(zone) :: len(ZONES)]:
        with pytest.raises(Refused) as refused:
            getattr(doors, door)({edge.kind: edge})

        assert (edge, refused.value.args) == (edge, (edge.kind,))
    assert not Process.objects.exists()


@pytest.mark.parametrize("door", ["rest", "start", "page", "command", "model"])
def test_all_that_is_wrong_is_told_at_once(doors: Doors, zone: str, door: str) -> None:
    """One of each kind at a time, as ordinary people type them."""
    if door in ONE_ZONE and zone != "Europe/Amsterdam":
        pytest.skip("knows no zone")
    for edges in WRONG_ROUNDS[ZONES.index(zone) :: 1 if door in ONE_ZONE else 2]:
        wrong = {kind: edge for kind, edge in edges.items() if door not in TYPED or can_be_typed(edge)}
        with pytest.raises(Refused) as refused:
            getattr(doors, door)(wrong)

        assert set(refused.value.args) == set(wrong)
    assert not Process.objects.exists()
