"""The WSGI application: addresses, token, knobs, the log of calls and errors; the rules are in `objects`."""

import hmac
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound, UnsupportedMediaType
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from orchestrator_site.simulators.inventory import objects, pages
from orchestrator_site.simulators.inventory.documents import Writer
from orchestrator_site.simulators.inventory.fields import LARGEST_INTEGER
from orchestrator_site.simulators.inventory.kinds import IP_ADDRESS, KINDS, PREFIX, Kind
from orchestrator_site.simulators.inventory.knobs import BadKnob, Call, Knob, Knobs, When
from orchestrator_site.simulators.inventory.store import Protected, Row, Store, Transaction

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

KINDS_BY_PATH = {kind.path: kind for kind in KINDS}
LARGEST_BODY = 1_000_000  # bytes
STYLE = Path(__file__).with_name("style.css")
CONTENT_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

ROUTES = Map(
    [
        Rule("/", endpoint="home", methods=["GET"]),
        Rule("/style.css", endpoint="style", methods=["GET"]),
        Rule("/_knobs/", endpoint="knobs", methods=["GET", "POST", "DELETE"]),
        Rule("/_requests/", endpoint="calls", methods=["GET", "DELETE"]),
        Rule("/api/", endpoint="root", methods=["GET"]),
        Rule("/api/<app>/<plural>/", endpoint="collection", methods=["GET", "POST"]),
        Rule("/api/<app>/<plural>/<int:pk>/", endpoint="member", methods=["GET", "PATCH", "DELETE"]),
        Rule("/api/ipam/prefixes/<int:pk>/available-ips/", endpoint="available", methods=["GET", "POST"]),
        Rule("/<app>/<plural>/", endpoint="table", methods=["GET"]),
        Rule("/<app>/<plural>/<int:pk>/", endpoint="detail", methods=["GET"]),
    ]
)


class InventoryApp:
    """Serves one inventory file; with an empty `token` the API is open to whoever reaches the port."""

    def __init__(self, file: Path, *, token: str = "", sleep: Callable[[float], None] = time.sleep) -> None:
        self.store = Store(file)
        self.knobs = Knobs()
        self._token = token
        self._sleep = sleep

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = LARGEST_BODY
        response = self._logged(request) if request.path.startswith("/api/") else self._answer(request)
        return response(environ, start_response)

    def _logged(self, request: Request) -> Response:
        began = time.perf_counter()
        response = self._spoilt(request)
        call = Call(
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("ascii", "replace"),
            status=response.status_code,
            duration_ms=round((time.perf_counter() - began) * 1000, 1),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        self.knobs.record(call)
        return response

    def _spoilt(self, request: Request) -> Response:
        knob = self.knobs.take(request.method, request.path)
        if knob is None:
            return self._answer(request)
        self._sleep(knob.delay_seconds)
        if not knob.status:
            return self._answer(request)
        if knob.when is When.AFTER:
            self._answer(request)
        return _json({"detail": knob.message}, knob.status)

    def _answer(self, request: Request) -> Response:
        try:
            endpoint, values = _match(request)
            handler: Callable[..., Response] = getattr(self, f"_{endpoint}")
            self._check_token(request)
            return handler(request, **values)
        except objects.Invalid as error:
            return _json(error.errors, 400)
        except BadKnob as error:
            return _json(error.errors, 400)
        except (objects.NoneFree, Protected) as error:
            return _json({"detail": str(error)}, 409)
        except HTTPException as error:
            return _problem(error, request)

    def _check_token(self, request: Request) -> None:
        if not self._token or not request.path.startswith("/api/"):
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "token":
            raise Forbidden("Authentication credentials were not provided.")
        if not hmac.compare_digest(token.strip().encode(), self._token.encode()):
            raise Forbidden("Invalid token")

    # The API.

    def _root(self, request: Request) -> Response:
        return _json({kind.path: f"{_api_root(request)}/{kind.path}/" for kind in KINDS})

    def _collection(self, request: Request, app: str, plural: str) -> Response:
        kind = _kind(app, plural)
        if request.method == "POST":
            sent = _body(request)
            with self.store.transaction() as transaction:
                row = objects.create(transaction, kind, sent)
                return _json(_writer(transaction, request).whole(kind, row), 201)
        with self.store.reading() as transaction:
            count, rows, window = objects.listed(transaction, kind, dict(request.args.lists()))
            writer = _writer(transaction, request)
            return _json(_envelope(request, count, [writer.whole(kind, row) for row in rows], window))

    def _member(self, request: Request, app: str, plural: str, pk: int) -> Response:
        kind = _kind(app, plural)
        match request.method:
            case "PATCH":
                return self._change(request, kind, pk)
            case "DELETE":
                return self._delete(kind, pk)
            case _:
                with self.store.reading() as transaction:
                    return _json(_writer(transaction, request).whole(kind, _found(transaction, kind, pk)))

    def _change(self, request: Request, kind: Kind, pk: int) -> Response:
        sent = _body(request)
        with self.store.transaction() as transaction:
            row = objects.change(transaction, kind, _found(transaction, kind, pk), sent)
            return _json(_writer(transaction, request).whole(kind, row))

    def _delete(self, kind: Kind, pk: int) -> Response:
        with self.store.transaction() as transaction:
            _found(transaction, kind, pk)
            transaction.delete(kind, pk)
        return Response(status=204)

    def _available(self, request: Request, pk: int) -> Response:
        if request.method == "POST":
            return self._take_available(request, pk)
        with self.store.reading() as transaction:
            free = objects.available(transaction, _found(transaction, PREFIX, pk), limit=objects.DEFAULT_LIMIT)
            return _json([{"family": each.version, "address": str(each), "vrf": None} for each in free])

    def _take_available(self, request: Request, pk: int) -> Response:
        sent = _body(request)
        with self.store.transaction() as transaction:
            rows = objects.take_available(transaction, _found(transaction, PREFIX, pk), sent)
            writer = _writer(transaction, request)
            taken = [writer.whole(IP_ADDRESS, row) for row in rows]
            return _json(taken if isinstance(sent, list) else taken[0], 201)

    # Knobs and log.

    def _knobs(self, request: Request) -> Response:
        match request.method:
            case "POST":
                return _json(_knob_document(self.knobs.add(_mapping_body(request))), 201)
            case "DELETE":
                self.knobs.clear()
                return Response(status=204)
            case _:
                return _json(self.knobs.listed())

    def _calls(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.knobs.forget_calls()
            return Response(status=204)
        return _json(self.knobs.calls())

    # Pages.

    def _home(self, request: Request) -> Response:
        with self.store.reading() as transaction:
            return _page(pages.home(transaction, _writer(transaction, request)))

    def _table(self, request: Request, app: str, plural: str) -> Response:
        kind = _kind(app, plural)
        with self.store.reading() as transaction:
            query = {"offset": request.args.getlist("offset")}
            return _page(pages.table(transaction, _writer(transaction, request), kind, query))

    def _detail(self, request: Request, app: str, plural: str, pk: int) -> Response:
        kind = _kind(app, plural)
        with self.store.reading() as transaction:
            return _page(pages.detail(_writer(transaction, request), kind, _found(transaction, kind, pk)))

    def _style(self, request: Request) -> Response:
        return Response(STYLE.read_bytes(), mimetype="text/css")


def _match(request: Request) -> tuple[str, dict[str, Any]]:
    try:
        endpoint, values = ROUTES.bind_to_environ(request.environ).match()
    except ValueError as error:  # an id of more digits than Python reads
        raise NotFound from error
    return str(endpoint), dict(values)


def _kind(app: str, plural: str) -> Kind:
    kind = KINDS_BY_PATH.get(f"{app}/{plural}")
    if kind is None:
        raise NotFound
    return kind


def _found(transaction: Transaction, kind: Kind, pk: int) -> Row:
    row = transaction.get(kind, pk) if pk <= LARGEST_INTEGER else None
    if row is None:
        raise NotFound
    return row


def _writer(transaction: Transaction, request: Request) -> Writer:
    return Writer(transaction, _api_root(request))


def _api_root(request: Request) -> str:
    return f"{request.host_url.rstrip('/')}/api"


def _body(request: Request) -> Any:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(f'Unsupported media type "{request.mimetype}" in request.')
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"JSON parse error - {error}") from error


def _mapping_body(request: Request) -> dict[str, Any]:
    sent = _body(request)
    if not isinstance(sent, dict):
        raise BadRequest("A JSON object is required.")
    return sent


def _envelope(request: Request, count: int, results: list[Any], window: objects.Window) -> dict[str, Any]:
    following, preceding = window.offset + window.limit, max(window.offset - window.limit, 0)
    return {
        "count": count,
        "next": _window_address(request, window.limit, following) if following < count else None,
        "previous": _window_address(request, window.limit, preceding) if window.offset else None,
        "results": results,
    }


def _window_address(request: Request, limit: int, offset: int) -> str:
    query = [(name, text) for name, text in request.args.items(multi=True) if name not in {"limit", "offset"}]
    return f"{request.base_url}?{urlencode([*query, ('limit', limit), ('offset', offset)])}"


def _knob_document(knob: Knob) -> dict[str, Any]:
    return {**vars(knob)}


def _problem(error: HTTPException, request: Request) -> Response:
    response = error.get_response(request.environ)
    if response.status_code < 400:
        return Response(status=response.status_code, headers=response.headers)
    detail = "Not found." if isinstance(error, NotFound) else error.description
    headers = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else None
    return _json({"detail": detail}, response.status_code, headers)


def _json(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(document), status=status, headers=headers, mimetype="application/json")


def _page(html: str) -> Response:
    headers = {"Content-Security-Policy": CONTENT_POLICY, "X-Content-Type-Options": "nosniff"}
    return Response(html, headers=headers, mimetype="text/html")
