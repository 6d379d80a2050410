"""What every endpoint may answer besides its own words, added to the OpenAPI description: refusals and outages.

A view describes what is its own; what a request meets on the way to it, or a database that is away, is the same for
all and told here once.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from orchestrator_site.rest.problem import CONTENT_TYPE

METHODS = frozenset({"get", "put", "post", "patch", "delete"})
WAIT = {"Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "string"}}}
CHALLENGE = {"WWW-Authenticate": {"description": "How to sign in.", "schema": {"type": "string"}}}
WORDS: Mapping[int, str] = {
    400: "A parameter, or the body, is invalid; `errors` names each field with its messages.",
    401: "Nobody is signed in, or the credentials are wrong or have expired.",
    403: "Permission denied; `detail` says why.",
    404: "There is nothing at this address.",
    405: "The address does not take this method; `Allow` names those that it takes.",
    406: "No answer can be given in a media type of the Accept header.",
    409: "Not possible now, or another request with the same idempotency key is not finished.",
    412: "A start condition is not met.",
    413: "The body is too large.",
    414: "The address is too long.",
    415: "The body is of another media type than JSON.",
    422: "The idempotency key was used for another request.",
    429: "Too many requests, or too many failed sign-in attempts.",
    503: "The database, the engine or a system that a form asks cannot be used just now.",
}
ALWAYS = (400, 401, 403, 405, 406, 413, 414, 429, 503)
PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457). Some have members of their own beside these.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": True},
    },
    "required": ["type", "title", "status", "detail"],
}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: ARG001
    """A postprocessing hook of drf-spectacular: every operation gets the problems that it may answer with."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = dict(PROBLEM)
    components["responses"] = {_name(status): _response(status) for status in WORDS}
    for path, item in result["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                _complete(operation, path)
    return result


def _complete(operation: dict[str, Any], path: str) -> None:
    responses = operation["responses"]
    for status in _statuses(operation, path):
        responses.setdefault(str(status), {"$ref": f"#/components/responses/{_name(status)}"})
    for status, response in responses.items():
        if int(status) >= 400 and "content" in response:
            kinds = response["content"]
            if "application/json" in kinds and not path.endswith("/health/"):
                kinds[CONTENT_TYPE] = kinds.pop("application/json")


def _statuses(operation: Mapping[str, Any], path: str) -> Iterator[int]:
    yield from ALWAYS
    parameters = operation.get("parameters", [])
    if "{" in path or any(one["in"] == "query" for one in parameters):
        yield 404
    if "requestBody" in operation:
        yield 415
    if any(one["name"] == "Idempotency-Key" for one in parameters):
        yield from (409, 422)
    if "{workflow_name}" in path:
        yield 412


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def _response(status: int) -> dict[str, Any]:
    headers = WAIT if status in {429} else CHALLENGE if status == 401 else {}
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": WORDS[status], **({"headers": headers} if headers else {}), "content": content}
