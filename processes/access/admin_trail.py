"""What is done in the admin goes into the audit trail, each act once, with what stood before and what stands now."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from processes.access import audit

SECRET = ("password", "token", "secret")


class AuditedAdmin:
    """Mix into a `ModelAdmin`, before it: additions, changes and deletions are recorded in the transaction of the act.

    `audit_kind` is the kind of the object in the trail, the name of its model without it; `audit_acts` names the three
    acts where they are called something else.
    """

    opts: Any
    audit_kind = ""
    audit_acts: Mapping[str, str] = {}

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Django's message, and behind it what the fields of the form and of its rows were and are."""
        told = super().construct_change_message(request, form, formsets, add)  # type: ignore[misc]
        return [*told, {"fields": differences(form), "rows": rows_of(formsets)}]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._record("added", request, obj, message)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._record("changed", request, obj, message)
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._record("deleted", request, obj, [])
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    def _record(self, act: str, request: HttpRequest, obj: Model, message: Any) -> None:
        kind = self.audit_kind or str(obj._meta.model_name)
        told = message[-1] if message and isinstance(message[-1], dict) else {}
        said = {"changes": told.get("fields"), "rows": told.get("rows")}
        detail = {"name": str(obj), **{name: value for name, value in said.items() if value}}
        audit.record(
            self.audit_acts.get(act, f"{kind}_{act}"),
            by=request.user.get_username(),
            kind=kind,
            subject=obj.pk,
            detail=detail,
        )


def differences(form: Any) -> dict[str, dict[str, Any]]:
    """What a form changes, by field: `{"from": …, "to": …}`; of a password only that there is a new one."""
    return {name: _difference(form, name) for name in form.changed_data if name in form.cleaned_data}


def rows_of(formsets: Iterable[Any] | None) -> list[dict[str, Any]]:
    """What became of the rows below a form: added, changed (with their fields) or deleted, each by its name."""
    return [row for formset in formsets or () for row in _rows(formset)]


def _rows(formset: Any) -> list[dict[str, Any]]:
    fields = {id(form.instance): differences(form) for form in formset.forms if hasattr(form, "cleaned_data")}
    added = [{"added": str(obj), "fields": fields.get(id(obj), {})} for obj in formset.new_objects]
    changed = [{"changed": str(obj), "fields": fields.get(id(obj), {})} for obj, _ in formset.changed_objects]
    return [*added, *changed, *({"deleted": str(obj)} for obj in formset.deleted_objects)]


def _difference(form: Any, name: str) -> dict[str, Any]:
    if any(word in name for word in SECRET):
        return {"to": "(new)"}
    before = form.initial.get(name, form.fields[name].initial)
    return {"from": plain(before), "to": plain(form.cleaned_data[name])}


def plain(value: Any) -> Any:
    """A value of a form as JSON: rows by their names, moments as ISO 8601, what is neither as its text."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case date() | time():
            return value.isoformat()
        case QuerySet() | list() | tuple() | set() | frozenset():
            return _listed(value)
        case _:
            return str(value)


def _listed(values: Iterable[Any]) -> list[Any]:
    listed = [plain(value) for value in values]
    is_of_rows = isinstance(values, QuerySet | set | frozenset) or any(isinstance(value, Model) for value in values)
    return sorted(listed, key=str) if is_of_rows else listed
