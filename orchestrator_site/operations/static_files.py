"""Static files under hashed names, compressed once for each content of theirs, however often they are collected."""

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

INPUTS = "staticfiles.inputs"
"""The file beside the output that names what it was made from, by a digest."""
_MAKERS = ("django", "whitenoise", "brotli")

Found = Mapping[str, tuple[Storage, str]]
"""Where each file to collect lies, by its name in the output."""


class CollectedOnce(CompressedManifestStaticFilesStorage):
    """Leaves the output alone when it was made from the same files by the same releases; that takes a second, not 70.

    Only hashed names are compressed, for pages name no others: that is half of the work.
    """

    def post_process(self, paths: Found, dry_run: bool = False, **options: Any) -> Iterator[tuple[str, Any, Any]]:
        digest = digest_of(paths)
        if dry_run or self._is_made_from(digest):
            return
        self.delete(INPUTS)
        yield from super().post_process(paths, dry_run=dry_run, **options)
        self._note(digest)

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files(paths & set(self.hashed_files.values()))

    def _is_made_from(self, digest: str) -> bool:
        """Whether the last run ended well, on these files, and what it made is still there."""
        if not self.exists(INPUTS):
            return False
        with self.open(INPUTS) as noted:
            if noted.read().decode() != digest:
                return False
        made, _ = self.load_manifest()
        return bool(made) and all(map(self.exists, made.values()))

    def _note(self, digest: str) -> None:
        Path(self.path(INPUTS)).write_text(digest)


def digest_of(paths: Found) -> str:
    """A SHA-256 of all names and contents, and of the releases that make the output."""
    whole = hashlib.sha256(" ".join(map(version, _MAKERS)).encode())
    for name, (storage, path) in sorted(paths.items()):
        with storage.open(path) as file:
            whole.update(f"{name} {hashlib.sha256(file.read()).hexdigest()}\n".encode())
    return whole.hexdigest()
