"""Endpoints to compare with: same server, same sign-in, and no work, or the rows of a list by hand-written SQL.

Each answers what the endpoint of the product answers, counted as far as that counts, by one or two statements.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from tests.benchmarks.internals import Action

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
MOST_COUNTED = 10_000

_SUBSCRIPTIONS = """
SELECT s.id, s.description, s.status, s.insync, s.customer_id, s.note, s.start_date, s.end_date, s.version,
  p.id, p.name, p.description, p.product_type, p.tag, p.status, p.created_at, p.end_date, c.fullname, c.shortcode
FROM subscriptions_subscription s JOIN products_product p ON p.id = s.product_id
JOIN subscriptions_customer c ON c.id = s.customer_id
WHERE s.status = %s ORDER BY s.created_at DESC, s.id LIMIT 26
"""
_HOW_MANY_SUBSCRIPTIONS = """
SELECT count(*) FROM (SELECT FROM subscriptions_subscription WHERE status = %s LIMIT %s) counted
"""
_SUBSCRIPTION = """
SELECT s.id, s.description, s.status, s.insync, s.customer_id, s.note, s.start_date, s.end_date, s.version,
  p.id, p.name, p.description, p.product_type, p.tag, p.status
FROM subscriptions_subscription s JOIN products_product p ON p.id = s.product_id WHERE s.id = %s
"""
_BLOCKS = """
SELECT i.id, i.block_name, i.label, i."values", r.parent_id, r.attribute
FROM subscriptions_blockinstance i
JOIN subscriptions_instancerelation r ON r.child_id = i.id AND r.subscription_id = i.subscription_id
WHERE i.subscription_id = %s ORDER BY r.position
"""
_PROCESSES = """
SELECT id, workflow_name, target, is_task, status, last_step, failed_reason, created_by, assignee, blocked_by_system,
  note, started_at, last_modified_at, ended_at
FROM processes_process WHERE status = %s ORDER BY started_at DESC, id LIMIT 26
"""
_HOW_MANY_PROCESSES = """
SELECT count(*) FROM (SELECT FROM processes_process WHERE status = %s LIMIT %s) counted
"""
_SUBJECTS = """
SELECT process_id, kind, subject_id, label FROM processes_processsubject WHERE process_id = ANY(%s) ORDER BY id
"""

_HEADER = (
    "subscription_id", "description", "status", "insync", "customer_id", "note", "start_date", "end_date", "version",
)  # fmt: skip
_PRODUCT = ("product_id", "name", "description", "product_type", "tag", "status")
_BLOCK = ("subscription_instance_id", "name", "label")
_PROCESS = (
    "process_id", "workflow_name", "workflow_target", "is_task", "last_status", "last_step", "failed_reason",
    "created_by", "assignee", "waits_for", "note", "started_at", "last_modified_at", "ended_at",
)  # fmt: skip


class Floor(APIView):
    """Needs the same right as the lists."""

    action = Action.VIEW


class Empty(Floor):
    """Nothing but the way in and out."""

    def get(self, request: Request) -> HttpResponse:
        return _answer([])


class Subscriptions(Floor):
    """25 subscriptions of a status, counted up to MOST_COUNTED."""

    def get(self, request: Request) -> HttpResponse:
        status = request.query_params["status"]
        rows = _rows(_SUBSCRIPTIONS, status)
        ((count,),) = _rows(_HOW_MANY_SUBSCRIPTIONS, status, MOST_COUNTED + 1)
        return _answer([_subscription(row) for row in rows[:25]], count)


class Tree(Floor):
    """One subscription with its own blocks."""

    def get(self, request: Request, subscription_id: UUID) -> HttpResponse:
        (header,) = _rows(_SUBSCRIPTION, subscription_id)
        root = _header(header)
        rows = _rows(_BLOCKS, subscription_id)
        blocks = {row[0]: {**dict(zip(_BLOCK, row, strict=False)), **orjson.loads(row[3])} for row in rows}
        for instance, *_, parent, attribute in rows:
            blocks.get(parent, root)[attribute] = blocks[instance]
        return _answer(root)


class Processes(Floor):
    """25 processes of a status with their subjects, counted up to MOST_COUNTED."""

    def get(self, request: Request) -> HttpResponse:
        status = request.query_params["status"]
        rows = _rows(_PROCESSES, status)[:25]
        ((count,),) = _rows(_HOW_MANY_PROCESSES, status, MOST_COUNTED + 1)
        subjects: dict[UUID, list[dict[str, str]]] = {}
        for process_id, kind, subject_id, label in _rows(_SUBJECTS, [row[0] for row in rows]):
            subjects.setdefault(process_id, []).append({"kind": kind, "id": subject_id, "label": label})
        return _answer([_process(row, subjects.get(row[0], [])) for row in rows], count)


def _rows(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """By a statement that the server keeps prepared, as quickly as psycopg can."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement.encode(), values, prepare=True).fetchall()


def _answer(body: object, count: int | None = None) -> HttpResponse:
    headers = {} if count is None else {"Content-Range": f"rows 0-24/{count}"}
    return HttpResponse(orjson.dumps(body, option=_OPTIONS), content_type="application/json", headers=headers)


def _header(row: Sequence[Any]) -> dict[str, Any]:
    product = dict(zip(_PRODUCT, row[len(_HEADER) :], strict=False))
    return {**dict(zip(_HEADER, row, strict=False)), "product": product}


def _subscription(row: Sequence[Any]) -> dict[str, Any]:
    *header, created_at, end_date, fullname, shortcode = row
    written = _header(header)
    written["product"] |= {"created_at": created_at, "end_date": end_date}
    written["customer"] = {"customer_id": written["customer_id"], "fullname": fullname, "shortcode": shortcode}
    return written


def _process(row: Sequence[Any], subjects: Sequence[dict[str, str]]) -> dict[str, Any]:
    about = [{"subscription_id": one["id"], "description": one["label"]} for one in subjects]
    return {**dict(zip(_PROCESS, row, strict=True)), "subjects": subjects, "subscriptions": about}
