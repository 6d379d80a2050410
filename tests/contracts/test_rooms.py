"""Rules between rooms that imports do not show: foreign keys, dotted paths, addresses, the lock file."""

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

ORDER = ["processes", "products", "subscriptions", "orchestrator_site"]
ROOT: Path = settings.ROOT
OTHER_HOST = re.compile(r"""(?:src|href|url\(|@import|integrity)\s*=?\s*["'(]?\s*(?:https?:)?//(?!www\.w3\.org)""")


def test_foreign_keys_follow_the_order_of_apps() -> None:
    upward = [
        f"{field.model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ORDER
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if field.related_model._meta.app_label in ORDER
        if ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]

    assert upward == []


def dotted_paths() -> Iterator[tuple[str, str]]:
    """Every text in settings that begins with one of our packages and a dot."""

    def walk(name: str, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, str) and re.fullmatch(rf"({'|'.join(ORDER)})(\.\w+)+", value):
            yield name, value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from walk(name, inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                yield from walk(name, inner)

    for name in dir(settings):
        if name.isupper():
            yield from walk(name, getattr(settings, name))


@pytest.mark.parametrize(("name", "path"), sorted(set(dotted_paths())))
def test_dotted_paths_in_settings_resolve(name: str, path: str) -> None:
    if name in {"SETTINGS_MODULE", "ROOT_URLCONF", "SESSION_ENGINE", "WORKFLOW_MODULES"}:
        path = f"{path}.__name__"

    assert import_string(path)


LAYERS: dict[str, list[set[str]]] = {
    app: [{*layer.split(" | ")} for layer in reversed(contract["layers"])]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    for app in contract.get("containers", [])
}
"""The rooms of each app from the bottom to the top, as the import contracts have them."""
FACES_OF_DJANGO = {"urls", "admin", "management"}


@pytest.mark.parametrize("app", LAYERS)
def test_app_has_a_map_of_its_rooms_in_import_order(app: str) -> None:
    floor_of = {room: floor for floor, layer in enumerate(LAYERS[app]) for room in layer if room[0] != "("}

    lines = re.findall(r"^    ([a-z_]+(?:, [a-z_]+)*)  ", import_module(app).__doc__ or "", re.MULTILINE)

    shown = [room for line in lines for room in line.split(", ") if room in floor_of]
    assert {*shown} | FACES_OF_DJANGO == {*floor_of} | FACES_OF_DJANGO
    assert shown == sorted(shown, key=lambda room: floor_of[room])


@pytest.mark.parametrize("app", LAYERS)
def test_room_says_what_it_is_not_and_where_to_begin(app: str) -> None:
    rooms = sorted({room for layer in LAYERS[app] for room in layer} - {"management"})
    told = {
        room: " ".join((import_module(f"{app}.{room}").__doc__ or "").split())
        for room in rooms
        if (ROOT / app / room / "__init__.py").exists()
    }

    assert [room for room, text in told.items() if "Not here:" not in text or "Begin with" not in text] == []


def test_lock_file_names_only_the_public_index() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    sources = {package["source"].get("registry") for package in lock["package"]} - {None}
    files = set(re.findall(r'url = "https?://([^/"]+)', (ROOT / "uv.lock").read_text()))

    assert sources == {"https://pypi.org/simple"}
    assert files == {"files.pythonhosted.org"}


@pytest.mark.parametrize("folder", ["templates", "orchestrator_site/templates", "orchestrator_site/static/site"])
def test_pages_load_nothing_from_other_hosts(folder: str) -> None:
    loads = [
        str(file.relative_to(ROOT))
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".html", ".css", ".js", ".svg"} and OTHER_HOST.search(file.read_text())
    ]

    assert loads == []


@pytest.mark.parametrize("file", sorted((ROOT / "templates").rglob("*.html")), ids=lambda file: file.name)
def test_templates_compile_and_have_no_inline_code(file: Path) -> None:
    text = file.read_text()

    get_template(str(file.relative_to(ROOT / "templates")))
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)(?![^>]*type=.application/json)", text) == []


def views(patterns: list[URLPattern | URLResolver], path: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        here = f"{path}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, here)
        else:
            yield here, pattern.callback


def test_only_doors_are_open_to_those_not_signed_in() -> None:
    pages = [
        path
        for path, view in views(get_resolver().url_patterns)
        if not path.startswith("api/") and not getattr(view, "login_required", True)
    ]

    assert sorted(pages) == [
        "account/invitation/<uidb64>/<token>/",
        "admin/login/",
        "metrics",
        "sign-in/",
        "sign-in/backchannel-logout/",
        "sign-in/callback/",
        "sign-in/frontchannel-logout/",
        "sign-in/provider/",
        "sign-out/",
    ]


def test_every_rest_view_asks_who_calls_except_health() -> None:
    open_to_all = [
        path
        for path, view in views(get_resolver().url_patterns)
        if path.startswith("api/") and not view.cls.permission_classes
    ]

    assert open_to_all == ["api/health/"]
