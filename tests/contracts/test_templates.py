"""Templates: lines that fit a screen, one place that says how a status looks, no inline script or style."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.ROOT) / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
LONGEST_LINE = 140

_OWN_LOOK = re.compile(
    r"""class="[^"]*\bmark tone-"""  # a badge that is not made by {% status %}
    r"|{%\s*(?:el)?if [^%]*(?:status|state|level)[^%]*%}\s*{%\s*icon "
    r"|tone-{%\s*(?:el)?if [^%]*(?:status|state|level)"
)


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("template", TEMPLATES, ids=names(TEMPLATES))
def test_no_line_is_too_long(template: Path) -> None:
    lines = enumerate(template.read_text().splitlines(), start=1)

    assert [number for number, line in lines if len(line) > LONGEST_LINE] == []


def test_looks_of_statuses_come_from_the_status_tag() -> None:
    own = [template for template in TEMPLATES if _OWN_LOOK.search(template.read_text())]

    assert names(own) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)

    found = re.findall(
        r"<style\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|(?:src|href)=\"(?:https?:)?//", text
    )

    assert found == []


def test_no_comment_is_shown_to_readers() -> None:
    spread = re.compile(r"{#(?:(?!#}).)*\n")  # Django takes such a comment only within one line

    assert [path.name for path in TEMPLATES if spread.search(path.read_text())] == []
