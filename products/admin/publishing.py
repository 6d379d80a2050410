"""Saving in the modelling tool publishes: in one transaction, after showing what it does to what was delivered."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import NestedObjects
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from processes.access.admin_trail import AuditedAdmin
from processes.access.edit_conflicts import KnowsConflicts
from processes.access.permissions import Action, decide, visible
from processes.access.viewer import seen_ids
from products import actions
from products.admin.access import CatalogueAccess, may_differ

UNSEEN = "others that you may not see"
CONFIRMED = "_confirmed"
RECONSIDER = "_reconsider"


class _Unconfirmed(Exception):
    """Saving would change what was delivered; nobody has said yes to these lines yet."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.lines = tuple(lines)


def seen_protected(objs: Any, told: list[str]) -> list[str]:
    """What keeps these from being deleted, as Django told it unless something of it may not be seen."""
    collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=objs)
    collector.collect(objs)
    by_model: dict[type[Model], list[Model]] = {}
    for one in collector.protected:
        by_model.setdefault(type(one), []).append(one)
    shown = {model: seen_ids(model, [one.pk for one in some]) for model, some in by_model.items()}
    seen = [one for one in collector.protected if one.pk in shown[type(one)]]
    if len(seen) == len(collector.protected):
        return told
    return [*(f"{capfirst(one._meta.verbose_name)}: {one}" for one in seen), UNSEEN]


class PublishingAdmin(KnowsConflicts, AuditedAdmin, CatalogueAccess, ModelAdmin):
    """Base of all modelling pages."""

    audit_acts = {"added": "catalogue.add", "changed": "catalogue.change", "deleted": "catalogue.delete"}
    actions = None  # no deleting of many at once: each is looked at by itself
    warn_unsaved_form = True
    compressed_fields = True
    list_fullwidth = True

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows that this person may see."""
        return visible(super().get_queryset(request), request.user)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Save and publish; or ask for confirmation; or show the form again with what was refused."""
        if RECONSIDER in request.POST:
            return self._again(request, object_id, form_url, extra_context, ["Nothing was saved."])
        request.known_problems = actions.known_problems()  # type: ignore[attr-defined] # read when all is saved
        self._tell_closed(request, object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except _Unconfirmed as unconfirmed:
            return self._confirmation(request, unconfirmed.lines)
        except actions.CatalogueChangeRefused as refused:
            return self._again(request, object_id, form_url, extra_context, [refused.reason])
        except actions.CatalogueInvalid as invalid:
            faults = [f"{problem}." for problem in invalid.problems]
            return self._again(request, object_id, form_url, extra_context, faults)

    def _tell_closed(self, request: HttpRequest, object_id: str | None) -> None:
        """Say why a part that somebody could change cannot be changed: a product that uses it is closed to them."""
        if request.method != "GET" or not object_id or not may_differ(request.user):
            return
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj) or self.has_change_permission(request, obj):
            return
        if decide(request.user, Action.EDIT_CATALOGUE, obj).allowed:
            self.message_user(
                request, "You may not change this: a product that you may not change uses it.", messages.INFO
            )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with what publishing refused, if this is the second look."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"faults": getattr(request, "catalogue_faults", ())})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """New parts come last unless a place was given."""
        has_place = any(field.name == "position" for field in formset.model._meta.fields)
        if has_place:
            last = formset.queryset.aggregate(last=Max("position"))["last"]
            place = -1 if last is None else last
            for one in formset.forms:
                if one.instance._state.adding and "position" not in one.changed_data:
                    place += 1
                    one.instance.position = place
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Everything is saved now, so it can be published; the first look at an impact takes it all back."""
        super().save_related(request, form, formsets, change)
        actions.follow_renames()
        known: actions.Problems = getattr(request, "known_problems", frozenset())
        lines = [effect.sentence for effect in actions.impact(actions.pending_changes(known))]
        if lines and request.POST.get(CONFIRMED) != _digest(lines):
            raise _Unconfirmed(lines)
        published = actions.publish_all(by=request.user.get_username(), known=known)
        if published:
            named = "; ".join(f"{version.product.name}, version {version.number}" for version in published)
            self.message_user(request, f"Published {named}.", messages.INFO)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Delete and publish, or say why not."""
        try:
            request.known_problems = actions.known_problems()  # type: ignore[attr-defined] # read when it is deleted
            answer: HttpResponse = super().delete_view(request, object_id, extra_context)
        except (actions.CatalogueChangeRefused, actions.CatalogueInvalid) as refused:
            self.message_user(request, f"Not deleted. {refused}", messages.ERROR)
            return redirect(reverse(f"admin:products_{self.opts.model_name}_change", args=[object_id]))
        return answer

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What Django shows before it deletes; of what is in the way no more is named than this person may see."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking, seen_protected(objs, protected) if protected else protected

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete it and publish what that changes."""
        super().delete_model(request, obj)
        known: actions.Problems = getattr(request, "known_problems", frozenset())
        actions.publish_all(by=request.user.get_username(), known=known)

    def _again(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
        faults: Sequence[str],
    ) -> Any:
        request.catalogue_faults = tuple(faults)  # type: ignore[attr-defined] # read by get_form
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _confirmation(self, request: HttpRequest, lines: Sequence[str]) -> HttpResponse:
        kept = [(name, value) for name, values in request.POST.lists() for value in values]
        hidden = [pair for pair in kept if pair[0] not in ("csrfmiddlewaretoken", CONFIRMED)]
        context = {
            **self.admin_site.each_context(request),
            "title": "This change affects existing subscriptions",
            "opts": self.opts,
            "lines": lines,
            "hidden": hidden,
            "confirmed": (CONFIRMED, _digest(lines)),
            "reconsider": RECONSIDER,
        }
        return TemplateResponse(request, "admin/products/confirm_impact.html", context)


def _digest(lines: Sequence[str]) -> str:
    """What was confirmed; when it changes before the second look, the question is asked again."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
