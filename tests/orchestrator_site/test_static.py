"""Every file that a style sheet names is there: collecting with hashed names stops at the first that is not."""

from pathlib import Path

from django.core.management import call_command
from django.test import override_settings

MANIFEST = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}


def test_static_files_can_be_collected_with_hashed_names(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=MANIFEST):
        call_command("collectstatic", interactive=False, verbosity=0)

    assert (tmp_path / "staticfiles.json").exists()
