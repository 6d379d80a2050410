"""Calls of the identity provider: short, bounded, never redirected; every failure of the line is `ProviderSilent`."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from orchestrator_site.auth.provider.errors import ProviderSilent

logger = logging.getLogger(__name__)
CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 8.0
LARGEST_ANSWER = 5_000_000  # bytes
BUSY, BROKEN = 429, 500


@dataclass(frozen=True)
class Reply:
    """What the provider answered, below 500: the status and the JSON value."""

    status: int
    value: Any


def get(address: str, *, bearer: str = "", query: Mapping[str, Any] | None = None) -> Reply:
    """Read an address of the provider; raises `ProviderSilent`."""
    return _call("GET", address, bearer=bearer, params=query)


def post(address: str, fields: Mapping[str, str]) -> Reply:
    """Send a form to an address of the provider; raises `ProviderSilent`."""
    return _call("POST", address, data=fields)


def get_object(address: str) -> dict[str, Any]:
    """The JSON object at an address; raises `ProviderSilent` for anything else."""
    reply = get(address)
    if reply.status != requests.codes.ok or not isinstance(reply.value, dict):
        raise _silent(address, f"status {reply.status} instead of an object")
    return reply.value


def _call(method: str, address: str, *, bearer: str = "", **arguments: Any) -> Reply:
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        with requests.request(
            method,
            address,
            headers=headers,
            timeout=(CONNECT_SECONDS, settings.OIDC_TIMEOUT),
            allow_redirects=False,
            stream=True,
            verify=settings.OIDC_CA_BUNDLE or True,
            **arguments,
        ) as answer:
            body = _body(answer)
    except (requests.RequestException, HTTPError) as error:
        raise _silent(address, type(error).__name__) from error
    if answer.status_code >= BROKEN or answer.status_code == BUSY:
        raise _silent(address, f"status {answer.status_code}")
    try:
        return Reply(answer.status_code, json.loads(body) if body else None)
    except (ValueError, RecursionError) as error:
        raise _silent(address, f"status {answer.status_code} and no JSON") from error


def _body(answer: requests.Response) -> bytes:
    """The whole body, unless it is too long or takes too long."""
    started, body = time.monotonic(), b""
    while part := answer.raw.read1(65_536, decode_content=True):  # what is there, and does not wait for more
        body += part
        if len(body) > LARGEST_ANSWER or time.monotonic() - started > TOTAL_SECONDS:
            raise requests.exceptions.ContentDecodingError("too much, or too slow")
    return body


def _silent(address: str, what: str) -> ProviderSilent:
    logger.warning("The identity provider does not answer as it should at %s: %s", address, what)
    return ProviderSilent()
