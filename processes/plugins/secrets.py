"""Secrets that a site keeps for its steps, such as passwords of external systems: by name, never in a table."""

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

ENVIRONMENT = "STEP_SECRET_"
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


def secret(name: str) -> str | None:
    """The secret of this name as the site keeps it; None where there is none.

    The setting `STEP_SECRETS` names the function that is asked: of a name, for a text or None.
    """
    found: str | None = _provider(settings.STEP_SECRETS)(name)
    return found


def from_files(name: str) -> str | None:
    """What the file of this name in `STEP_SECRETS_DIRECTORY` holds, else the variable `STEP_SECRET_<NAME>`.

    A file is read each time, so that a changed one counts at once; one newline at its end is not part of it.
    """
    if not _NAME.fullmatch(name):
        return None
    file = Path(settings.STEP_SECRETS_DIRECTORY) / name
    if file.is_file():
        return file.read_text().removesuffix("\n")
    return os.environ.get(ENVIRONMENT + re.sub(r"[.-]", "_", name).upper())


@lru_cache(maxsize=8)
def _provider(path: str) -> Any:
    return import_string(path)
