"""Static files are collected under hashed names, compressed, and not made again from the same files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from orchestrator_site.operations import static_files

MANIFEST = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
COMPRESSED = {"staticfiles": {"BACKEND": "orchestrator_site.operations.static_files.CollectedOnce"}}
TEXT = "body { color: red; }\n" * 50


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Path]:
    """A folder with one style sheet, collected into `out` beside it."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "site.css").write_text(TEXT)
    with override_settings(
        STATICFILES_DIRS=[folder],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STATIC_ROOT=tmp_path / "out",
        STORAGES=COMPRESSED,
    ):
        yield folder


def test_every_file_that_a_style_sheet_names_is_there(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=MANIFEST):
        _collect()

    assert (tmp_path / "staticfiles.json").exists()


def test_files_are_compressed_under_their_hashed_names(source: Path) -> None:
    _collect()

    assert _made(source) == {
        "site.css",
        "site.{hash}.css",
        "site.{hash}.css.br",
        "site.{hash}.css.gz",
        "staticfiles.inputs",
        "staticfiles.json",
    }


def test_the_same_files_are_not_made_again(source: Path) -> None:
    _collect()
    (compressed,) = _out(source).glob("site.*.css.br")
    compressed.write_text("as it was left")

    _collect()

    assert compressed.read_text() == "as it was left"


def test_another_content_is_made(source: Path) -> None:
    _collect()
    (source / "site.css").write_text(TEXT + "a { color: blue; }\n")

    _collect()

    assert len(list(_out(source).glob("site.*.css.br"))) == 2


def test_another_release_of_a_maker_makes_them_again(source: Path) -> None:
    _collect()
    (_out(source) / static_files.INPUTS).write_text("by an older release")
    (compressed,) = _out(source).glob("site.*.css.br")
    compressed.unlink()

    _collect()

    assert compressed.exists()


def test_a_file_that_is_gone_is_made_again(source: Path) -> None:
    _collect()
    (hashed,) = (one for one in _out(source).glob("site.*.css"))
    hashed.unlink()

    _collect()

    assert hashed.read_text() == TEXT


def test_what_broke_off_is_not_taken_for_made(source: Path) -> None:
    (source / "site.css").write_text("a { background: url(missing.png); }")

    with pytest.raises(ValueError, match=r"missing\.png"):
        _collect()

    assert not (_out(source) / static_files.INPUTS).exists()


def test_a_dry_run_makes_nothing(source: Path) -> None:
    call_command("collectstatic", interactive=False, verbosity=0, dry_run=True)

    assert not _out(source).exists()


def _collect() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def _out(source: Path) -> Path:
    return source.parent / "out"


def _made(source: Path) -> set[str]:
    """The names of what was made, without the digits of hashes."""
    names = (one.name.split(".") for one in _out(source).iterdir())
    return {".".join("{hash}" if len(part) == 12 and part.isalnum() else part for part in name) for name in names}
