"""Lists over REST: which part, in which order, narrowed by what, and the headers that say so. For every app's lists.

`range`, `sort` and `filter` are as the Workflow Orchestrator's clients write them, `limit` and `offset` as others do.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import django_filters
import orjson
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.utils.http import urlencode
from rest_framework.exceptions import ValidationError

from processes.lists.counts import Counting
from processes.lists.filters import FLAGS
from processes.lists.paging import Column, Order, Part, part

T = TypeVar("T")
DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MOST_ALTERNATIVES = 20
"""Values joined by `|` of one field."""
NOT_FILTERS = frozenset({"range", "sort", "filter", "limit", "offset", "format", "count"})


@dataclass(frozen=True)
class Window:
    """Which rows are wanted, and whether the client asked how many there are."""

    offset: int
    limit: int
    counting: Counting


@dataclass(frozen=True)
class Listing:
    """What a list offers: its unit in Content-Range, fields to sort by, and the filter set.

    `sortable` maps a name to a column; `default_order` decides between rows that are equal in it; `filters` maps the
    names that `filter=` knows to parameters of the filter set.
    Names are compared without case and underscores, so that `startedAt` is `started_at`. In `filter` values are joined
    by `|` (and by `-` where a field takes several), and rows are found that have any of them.
    """

    unit: str
    sortable: Mapping[str, Column]
    filter_set: type[django_filters.FilterSet]
    filters: Mapping[str, str]
    default_order: Sequence[str]

    def narrowed(self, rows: QuerySet[Any], parameters: QueryDict) -> QuerySet[Any]:
        """Filtered by the query string. Raises ValidationError naming the parameter."""
        wanted, alternatives = self._filter_parameters(parameters)
        if not (wanted or alternatives):
            return rows
        unknown = [name for name in wanted if name not in self.filter_set.base_filters]
        if unknown:
            raise ValidationError({name: ["Unknown filter."] for name in unknown})
        for name, value in _cleaned(self._known_filters, wanted).items():
            rows = self._known_filters[name].filter(rows, value)
        for name, values in alternatives.items():
            rows = self._any_of(rows, name, values)
        return rows

    def _any_of(self, rows: QuerySet[Any], name: str, values: Sequence[str]) -> QuerySet[Any]:
        """The rows that one of the values finds."""
        if len(values) > MOST_ALTERNATIVES:
            raise ValidationError({"filter": [f"At most {MOST_ALTERNATIVES} values of one field are looked for."]})
        found = rows.none()
        for value in values:
            cleaned = _cleaned(self._known_filters, QueryDict(urlencode({name: value})))
            found |= self._known_filters[name].filter(rows, cleaned[name])
        return found

    def part(self, rows: QuerySet[Any], parameters: QueryDict, *, most: int = DEFAULT_LIMIT) -> "ListPart":
        """The wanted part of the rows, narrowed and sorted (`sort=field,asc,other,desc`, also `sort=-field`).

        A client that does not say which gets the first `most` rows. Raises ValidationError naming the parameter.
        """
        wanted = window(parameters, most=most)
        narrowed = self.narrowed(rows, parameters)
        return part_of(narrowed, Order(self._columns(parameters.get("sort", "")), self.default_order), wanted)

    @cached_property
    def _known_filters(self) -> Mapping[str, django_filters.Filter]:
        """The filters of the set, made once: they keep nothing of a request.

        A filter set copies all its filters, and makes a form of all their fields, for each request; of the 16 of
        subscriptions a request names one or two. That was half of the processor time of a list of 25 rows.
        """
        filters: Mapping[str, django_filters.Filter] = self.filter_set().filters
        return filters

    def _filter_parameters(self, parameters: QueryDict) -> tuple[QueryDict, dict[str, list[str]]]:
        """What is asked for by parameter; and apart from it the values of `filter` of which any will do."""
        wanted, alternatives = QueryDict(mutable=True), dict[str, list[str]]()
        for name, values in parameters.lists():
            if name not in NOT_FILTERS:
                wanted.setlist(name, values)
        for name, value in _pairs(parameters.get("filter", "")):
            known = _named(name, self.filters, "filter")
            if _takes_several(self.filter_set.base_filters[known]):
                wanted.setlistdefault(known).extend(one for one in re.split("[-|]", value) if one)
            elif "|" in value:
                alternatives.setdefault(known, []).extend(one for one in value.split("|") if one)
            else:
                wanted.appendlist(known, value)
        return wanted, alternatives

    def _columns(self, sort: str) -> list[tuple[Column, bool]]:
        parts = [part.strip() for part in sort.split(",") if part.strip()]
        if len(parts) > 1 and all(part.lower() in {"asc", "desc"} for part in parts[1::2]) and len(parts) % 2 == 0:
            pairs = list(zip(parts[::2], parts[1::2], strict=True))
        else:
            pairs = [(part.lstrip("-"), "desc" if part.startswith("-") else "asc") for part in parts]
        return [(_named(name, self.sortable, "sort"), order.lower() == "desc") for name, order in pairs]


@dataclass(frozen=True)
class ListPart:
    """The part of a list that is answered: its place, and the keys of its rows in their order."""

    window: Window
    part: Part

    @property
    def keys(self) -> list[Any]:
        return self.part.keys


def part_of(rows: QuerySet[Any], order: Order, wanted: Window) -> ListPart:
    """The wanted part of rows in an order."""
    return ListPart(wanted, part(rows, order, start=wanted.offset, size=wanted.limit, counting=wanted.counting))


def window(parameters: QueryDict, *, most: int = DEFAULT_LIMIT) -> Window:
    """The wanted part: `range=0,25` (end exclusive, counted) or `limit` and `offset`. Raises ValidationError.

    A client that says nothing gets the first `most` rows. `count` asks how many there are, exactly.
    """
    is_exact = _is_counted(parameters.get("count", ""))
    if "range" in parameters:
        match = re.fullmatch(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*", str(parameters["range"]))
        if match is None or int(match[2]) <= int(match[1]):
            raise ValidationError({"range": ["Must be two numbers, the second one larger: range=0,25."]})
        start, end = int(match[1]), int(match[2])
        counting = Counting.EXACT if is_exact else Counting.ESTIMATED
        return Window(start, min(end - start, MAX_LIMIT), counting)
    limit = _number(parameters, "limit", most)
    counting = Counting.EXACT if is_exact else Counting.NO
    return Window(_number(parameters, "offset", 0), max(1, min(limit, MAX_LIMIT)), counting)


def _is_counted(text: str) -> bool:
    if text.lower() not in {"", "exact", *FLAGS}:
        raise ValidationError({"count": ["Must be exact, true or false."]})
    return text.lower() == "exact" or FLAGS.get(text.lower(), False)


def list_response(request: HttpRequest, rows: Sequence[Any], answered: ListPart, unit: str) -> HttpResponse:
    """A JSON array with Content-Range, Link and ETag; 304 to a client that has it already.

    Where the number of all rows is an estimate, `Preference-Applied` says so (RFC 7240, as PostgREST does).
    """
    body = orjson.dumps(rows, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS, default=str)
    etag = f'W/"{zlib.crc32(body):08x}-{len(body):x}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag})
    wanted, total = answered.window, answered.part.total
    last = wanted.offset + len(rows) - 1
    span = f"{wanted.offset}-{last}" if rows else "*"
    headers = {"Content-Range": f"{unit} {span}/{'*' if total is None else total.number}", "ETag": etag}
    if total is not None and not total.is_exact:
        headers["Preference-Applied"] = "count=estimated"
    links = _links(request, wanted, has_more=answered.part.has_more)
    if links:
        headers["Link"] = ", ".join(links)
    return HttpResponse(body, content_type="application/json", headers=headers)


def _links(request: HttpRequest, wanted: Window, *, has_more: bool) -> list[str]:
    places = []
    if has_more:
        places.append(("next", wanted.offset + wanted.limit))
    if wanted.offset:
        places.append(("prev", max(0, wanted.offset - wanted.limit)))
    return [f'<{_address(request, offset, wanted.limit)}>; rel="{rel}"' for rel, offset in places]


def _address(request: HttpRequest, offset: int, limit: int) -> str:
    parameters = request.GET.copy()
    if "range" in parameters:
        parameters["range"] = f"{offset},{offset + limit}"
    else:
        parameters["offset"], parameters["limit"] = str(offset), str(limit)
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def _cleaned(filters: Mapping[str, django_filters.Filter], wanted: QueryDict) -> dict[str, Any]:
    """The values of the filters that are asked for, as their form would clean them. Raises ValidationError."""
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, one in filters.items():
        if name in wanted:
            try:
                values[name] = one.field.clean(one.field.widget.value_from_datadict(wanted, {}, name))
            except forms.ValidationError as error:
                errors[name] = error.messages
    if errors:
        raise ValidationError(errors)
    return values


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = text.split(",") if text else []
    if len(parts) % 2:
        raise ValidationError({"filter": ["Must be pairs of field and value: filter=status,failed,target,create."]})
    return list(zip(parts[::2], parts[1::2], strict=True))


def _named(name: str, known: Mapping[str, T], parameter: str) -> T:
    plain = {_plain(one): column for one, column in known.items()}
    if _plain(name) not in plain:
        raise ValidationError({parameter: [f"Unknown field {name!r}; known fields: {', '.join(sorted(known))}."]})
    return plain[_plain(name)]


def _plain(name: str) -> str:
    return name.strip().replace("_", "").lower()


def _takes_several(one: django_filters.Filter) -> bool:
    return isinstance(one, django_filters.MultipleChoiceFilter)


def _number(parameters: QueryDict, name: str, default: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValidationError({name: ["Must be a whole number, 0 or greater."]})
    return int(text)
