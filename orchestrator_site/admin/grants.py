"""Grants in the admin: what people of a group may do beyond their roles, only where, or not at all."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from orchestrator_site.admin.administrators import AdministratorsOnly
from processes.access.conditions import ConditionInvalid, parse, spelled
from processes.access.grant_files import GRANTABLE
from processes.access.unmatched import unmatched
from processes.engine.values import json_text
from processes.models import AccessGrant
from processes.models.json_field import TypedDecoder

ACTIONS = [(name, name.replace("_", " ")) for name in GRANTABLE]


class ConditionText(json.JSONEncoder):
    """Conditions are written over several lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2})


class ConditionField(forms.JSONField):
    """A mapping as JSON, in which each name stands once; nothing at all for always."""

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json_text.read(value) if value.strip() else {}
        except json_text.InvalidJson as error:
            raise forms.ValidationError(f"Enter valid JSON: it {error}.") from error

    def prepare_value(self, value: Any) -> Any:
        return "" if value in (None, {}) else super().prepare_value(value)


class GrantForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """Actions as boxes, and the condition as JSON that is read before it is kept."""

    actions = forms.MultipleChoiceField(choices=ACTIONS, widget=UnfoldAdminCheckboxSelectMultipleWidget)
    condition = ConditionField(
        required=False,
        encoder=ConditionText,
        decoder=TypedDecoder,
        widget=UnfoldAdminTextareaWidget,
        help_text='Empty: always. {"customer": ["SURF"]}, {"workflow": ["create_*"]}, {"own": true}; known are '
        "workflow, target, product, product_type, customer, subscription, owner, own; joined by all, any, not.",
    )

    class Meta:
        model = AccessGrant
        fields = ("name", "effect", "group", "person", "actions", "condition", "enabled", "note")

    def clean_condition(self) -> Any:
        condition = self.cleaned_data["condition"]
        try:
            parse(condition)
        except ConditionInvalid as invalid:
            raise forms.ValidationError(str(invalid)) from invalid
        return condition


@admin.register(AccessGrant)
class GrantAdmin(AdministratorsOnly):
    """Those from a file are changed there."""

    form = GrantForm
    audit_kind = "grant"
    list_display = ("name", "effect", "to", "what", "where", "enabled", "source")
    list_filter = ("effect", "enabled", "source", "group")
    search_fields = ("name", "note", "group__name", "person__username")
    list_select_related = ("group", "person")
    fields = ("name", "effect", "group", "person", "actions", "condition", "enabled", "note", "source")
    readonly_fields = ("source",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save it, and tell of values that nothing has: they are mostly typing errors."""
        super().save_model(request, obj, form, change)
        for told in unmatched(parse(obj.condition)):
            messages.warning(request, f"{told[0].upper()}{told[1:]}.")

    @admin.display(description="To")
    def to(self, grant: AccessGrant) -> str:
        return str(grant.group or grant.person or "everybody")

    @admin.display(description="Actions")
    def what(self, grant: AccessGrant) -> str:
        return ", ".join(map(str, grant.actions))

    @admin.display(description="Where")
    def where(self, grant: AccessGrant) -> str:
        try:
            return spelled(parse(grant.condition))
        except ConditionInvalid as invalid:
            return f"Invalid: {invalid}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.source == "admin")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.source == "admin")
