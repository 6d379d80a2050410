"""Digests of the parts of a live page, as its ETag carries them."""

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b

_ETAG = re.compile(r'(?:W/)?"([0-9a-f]+(?:\.[0-9a-f]+)*)"')


def digest(*values: object) -> str:
    """Short, and the same for the same values in every process of the site."""
    return blake2b(repr(values).encode(), digest_size=6).hexdigest()


def etag_of(digests: Mapping[str, str]) -> str:
    """As `digests_in` reads it."""
    return f'"{".".join(digests.values())}"'


def digests_in(etag: str, parts: Iterable[str]) -> Mapping[str, str] | None:
    """The digests of these parts that an ETag carries; None when it is none of ours."""
    match = _ETAG.fullmatch(etag.strip())
    names, digests = list(parts), match[1].split(".") if match else []
    return dict(zip(names, digests, strict=True)) if len(names) == len(digests) else None
