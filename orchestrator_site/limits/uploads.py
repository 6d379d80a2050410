"""No page and no endpoint of this site takes a file: what a multipart body brings as one is not written anywhere."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler


class UploadRefused(SuspiciousOperation):
    """This site takes no files."""

    def __str__(self) -> str:
        return "No files are taken here."


class NoUploads(FileUploadHandler):
    """Refuses the first file of a request before a byte of it is kept. Raises UploadRefused."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise UploadRefused

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing comes here."""

    def file_complete(self, file_size: int) -> None:
        """Nor here."""
