"""What the site carries: every icon and file that is used, of the version that the manifest says."""

import json
import re
from pathlib import Path

from django.conf import settings

from orchestrator_site.look.statuses import FAMILIES, STATUSES
from orchestrator_site.pages.frame import ENTRIES

ROOT = Path(settings.ROOT)
VENDOR = ROOT / "orchestrator_site" / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def icons_in_use() -> set[str]:
    text = "\n".join(path.read_text() for path in [*TEMPLATES, *(ROOT / "orchestrator_site").rglob("*.py")])
    named = re.findall(r'{%\s*icon "([a-z0-9-]+)"', text) + re.findall(r'\bicon="([a-z0-9-]+)"', text)
    return {
        *named,
        *(look.icon for looks in (STATUSES, *FAMILIES.values()) for look in looks.values()),
        *(entry.icon for entry in ENTRIES),
    }


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (VENDOR / "tabler" / "icons.svg").read_text()

    assert icons_in_use() - set(re.findall(r'id="([a-z0-9-]+)"', sprite)) == set()


def test_the_sprite_holds_what_the_manifest_says() -> None:
    sprite = (VENDOR / "tabler" / "icons.svg").read_text()
    listed = [name for package in MANIFEST["packages"] for name in package.get("icons", [])]

    assert re.findall(r'<symbol id="([a-z0-9-]+)"', sprite) == sorted(listed)


def test_the_files_are_of_the_versions_that_the_manifest_says() -> None:
    for package in MANIFEST["packages"]:
        for target in package.get("files", {}).values():
            assert f"v{package['version']} " in (VENDOR / target).read_text()[:200]


def test_no_file_names_a_source_map() -> None:
    texts = [path.read_text() for path in VENDOR.rglob("*.min.*")]

    assert [text for text in texts if "sourceMappingURL" in text] == []
