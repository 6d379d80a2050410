"""Nothing on this site takes a file."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.mark.django_db
@pytest.mark.parametrize("size", [10, 200_000])
def test_a_file_for_the_sign_in_page_is_written_nowhere(
    client: Client, settings: Settings, tmp_path: Path, size: int
) -> None:
    """H5."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0

    response = client.post("/sign-in/", {"username": "a", "file": SimpleUploadedFile("big", b"x" * size)})

    assert response.status_code == 400
    assert list(tmp_path.iterdir()) == []
