"""Forms of the modelling tool: choices, defaults and constants entered as text, checked by the catalogue's rules."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from processes.engine.values.status import Target
from processes.plugins import registry
from products.actions import CatalogueChangeRefused, check_status
from products.admin.entry import default_text, default_value, from_text
from products.admin.moments import moment_field
from products.models import BlockField, FixedInput, Product, ProductStatus, ProductWorkflow, RootBlock
from products.queries.drafts import field_schema, scalar_type
from products.schema import (
    FieldKind,
    FieldSchema,
    RequiredFrom,
    check_field,
    check_name,
)
from products.schema.checks import RESERVED_IN_PRODUCT

FIELD_KINDS = {
    FieldKind.SCALAR: "a value",
    FieldKind.SCALAR_LIST: "a list of values",
    FieldKind.BLOCK: "a block",
    FieldKind.OPTIONAL_BLOCK: "a block, or none",
    FieldKind.BLOCK_LIST: "a list of blocks",
}
STAGES = {
    RequiredFrom.NEVER: "never",
    RequiredFrom.INITIAL: "initial: from the start",
    RequiredFrom.PROVISIONING: "provisioning: before delivery begins",
    RequiredFrom.ACTIVE: "active: when it is delivered",
}
# Where a form has another name for what the schema calls so.
_FORM_FIELDS = {
    "scalar": "resource_type",
    "default": "default_text",
    "choices": "choices_text",
    "labels": "labels_text",
}


class CatalogueForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A form that also shows what was refused when the whole catalogue was published."""

    faults: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for fault in self.faults:
            self.add_error(None, fault)
        return dict(cleaned)


class BlockForm(CatalogueForm):
    """A block itself; its fields are inlines. One that gets another name says what it was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_before = self.instance.name
        if "end_date" in self.fields:
            self.fields["end_date"] = moment_field(self.fields["end_date"], self.instance.end_date)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        remember_name(self, cleaned, self._name_before)
        return cleaned


def remember_name(form: forms.ModelForm, cleaned: dict[str, Any], before: str) -> None:  # type: ignore[type-arg]
    """Let what gets another name say what it was, unless the person says so."""
    if before and cleaned.get("name", before) != before and "formerly" not in form.changed_data:
        cleaned["formerly"] = before


class BlockFieldForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A field of a block; the default is entered as text and checked by the resource type."""

    default_text = forms.CharField(
        label="Default",
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 1}),
        help_text="The value a new subscription starts with. For a list: members with commas; for JSON: JSON.",
    )

    class Meta:
        model = BlockField
        fields = [
            "name", "kind", "resource_type", "blocks", "owned", "required_from", "minimum", "maximum", "unique_items",
            "modifiable", "unique_scope", "computed", "formerly", "description", "position",
        ]  # fmt: skip
        labels = {
            "kind": "Holds",
            "blocks": "Allowed blocks",
            "owned": "Owned by this block",
            "minimum": "At least",
            "maximum": "At most",
            "unique_items": "Unique members",
            "modifiable": "May be changed later",
            "unique_scope": "Unique among",
            "computed": "Computed from",
            "position": "Order",
        }
        help_texts = {
            "name": "As authors of workflows write it: letters, digits and underscores, such as “port_name”.",
            "kind": "One value or several, or another block.",
            "resource_type": "For values: what kind of value. The menu beside it adds a resource type.",
            "blocks": "For blocks: which one. Several mean that any of them may be there.",
            "owned": "Untick for a reference to a block that belongs to another subscription.",
            "required_from": "From which stage of a subscription's life there must be a value.",
            "minimum": "For lists: the fewest members.",
            "maximum": "For lists: the most members.",
            "unique_items": "For lists: no value may occur twice.",
            "modifiable": "Untick for what is fixed once it is set.",
            "unique_scope": "Where no other live subscription may have the same value.",
            "formerly": "The name it had before: values that were kept under that name stay with it.",
            "computed": (
                "Made from other fields: a text such as “port {port_name} on {node.node_name}”, or = and an expression "
                "such as “=sum(sap.speed for sap in saps)”."
            ),
            "description": "Shown beside the field in forms.",
            "position": "Lower numbers come first; new fields come last.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self.fields["kind"], {kind.value: label for kind, label in FIELD_KINDS.items()})
        _relabel(self.fields["required_from"], {stage.value: label for stage, label in STAGES.items()})
        _relabel(self.fields["unique_scope"], {"": "nothing", "product": "this product", "global": "all products"})
        self.fields["blocks"].widget.attrs["size"] = 3
        self._name_before = self.instance.name
        self.initial["default_text"] = _text_of(self.instance.default, self.instance, self.instance.kind)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "name" in cleaned and "kind" in cleaned:
            self._check(cleaned)
        return dict(cleaned)

    def _check(self, cleaned: dict[str, Any]) -> None:
        remember_name(self, cleaned, self._name_before)
        field = self._schema(cleaned)
        try:
            if _is_changed(self, "default_text", "kind", "resource_type"):
                self.instance.default = default_value(_one_line_end(cleaned.get("default_text", "")), field)
        except ValueError as error:
            self.add_error("default_text", f"The default {error}.")
            return
        for fault in check_field(self._schema(cleaned)):
            self.add_error(_FORM_FIELDS.get(fault.attribute, fault.attribute), fault.sentence)

    def _schema(self, cleaned: dict[str, Any]) -> FieldSchema:
        """The field as the form has it; the instance gets its values only after this."""
        values = {key: value for key, value in cleaned.items() if key in self.fields and hasattr(BlockField, key)}
        values.pop("blocks", None)
        row = BlockField(**{key: value for key, value in values.items() if key not in ("block", "id", "DELETE")})
        row.default = self.instance.default
        return field_schema(row, [block.name for block in cleaned.get("blocks") or ()])


class FixedInputForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A constant of a product; its value is entered as text and checked by the resource type."""

    value_text = forms.CharField(
        label="Value",
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 1}),
        help_text="What every subscription of this product has.",
    )

    class Meta:
        model = FixedInput
        fields = ["name", "resource_type", "position"]
        labels = {"position": "Order"}
        help_texts = {"name": "Such as “speed”.", "resource_type": "What kind of value."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["value_text"] = _text_of(self.instance.value, self.instance, FieldKind.SCALAR)
            self.fields["value_text"].required = bool(self.initial["value_text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if message := check_name(cleaned.get("name", "x"), RESERVED_IN_PRODUCT):
            self.add_error("name", f"{message}.")
        is_given = "value_text" in cleaned and _is_changed(self, "value_text", "resource_type")
        if cleaned.get("resource_type") and is_given:
            text = _one_line_end(cleaned["value_text"])
            try:
                self.instance.value = from_text(text, scalar_type(cleaned["resource_type"]))
            except ValueError as error:
                self.add_error("value_text", f"The value {error}.")
        return dict(cleaned)


class RootBlockForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A top-level block."""

    class Meta:
        model = RootBlock
        fields = ["name", "block", "others", "kind", "minimum", "maximum", "position"]
        labels = {
            "position": "Order",
            "kind": "Holds",
            "others": "Or one of",
            "minimum": "At least",
            "maximum": "At most",
        }
        help_texts = {
            "name": "As authors of workflows write it: “port” gives subscription.port.",
            "block": "The block that each subscription of this product has. The menu beside it adds one.",
            "others": "Further kinds that may be there in its place.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self.fields["kind"], {kind.value: label for kind, label in FIELD_KINDS.items()})

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if message := check_name(name, RESERVED_IN_PRODUCT):
            raise ValidationError(f"{message}.")
        return name


class OfferForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """An offer, chosen from the workflows this site has; its target is the workflow's."""

    workflow_name = forms.ChoiceField(
        label="Workflow",
        widget=UnfoldAdminSelectWidget,
        help_text="Without a create workflow nobody can order the product.",
    )

    class Meta:
        model = ProductWorkflow
        fields = ["workflow_name", "position"]
        labels = {"position": "Order"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workflow_name"].choices = workflow_choices(self.instance)  # type: ignore[attr-defined]

    def clean_workflow_name(self) -> str:
        name: str = self.cleaned_data["workflow_name"]
        if name in registry.all_workflows():
            self.instance.target = registry.get(name).target.value
        return name


class ProductForm(CatalogueForm):
    """A product itself; constants, blocks and offers are inlines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "end_date" in self.fields:
            self.fields["end_date"] = moment_field(self.fields["end_date"], self.instance.end_date)

    def clean_status(self) -> str:
        status: str = self.cleaned_data["status"]
        if not self.instance._state.adding and status != Product.objects.get(pk=self.instance.pk).status:
            try:
                check_status(self.instance, ProductStatus(status))
            except CatalogueChangeRefused as refused:
                raise ValidationError(refused.reason) from refused
        return status


def workflow_choices(offer: ProductWorkflow) -> list[tuple[str, Any]]:
    """The workflows that products can offer, grouped by target, with the one offered already, whatever it is.

    Tasks of the targets of products are among them: those that validate are.
    """
    known = registry.all_workflows()
    groups: dict[str, list[tuple[str, str]]] = {target.value: [] for target in Target if target is not Target.SYSTEM}
    for name, workflow in sorted(known.items()):
        if workflow.target.value in groups:
            groups[workflow.target.value].append((name, f"{name} - {workflow.description}"))
    offered = offer.workflow_name
    if offered and offered not in {name for choices in groups.values() for name, _ in choices}:
        about = known[offered].description if offered in known else "not on this site"
        groups.setdefault(offer.target, []).append((offered, f"{offered} - {about}"))
    return [("", "Choose a workflow"), *((target, choices) for target, choices in groups.items() if choices)]


def _text_of(value: Any, row: BlockField | FixedInput, kind: str) -> str:
    return default_text(value, kind, row.resource_type.kind if row.resource_type else "")


def _is_changed(form: forms.ModelForm, *names: str) -> bool:  # type: ignore[type-arg] # generic in the stubs alone
    """Whether one of these differs from what was shown; what nobody touched goes back as it came."""
    return form.instance._state.adding or bool({*names} & {*form.changed_data})


def _one_line_end(text: str) -> str:
    """The text with line ends as they were before a browser sent it."""
    return text.replace("\r\n", "\n")


def _relabel(field: forms.Field, labels: dict[str, str]) -> None:
    chosen: Any = field
    present: Iterable[str] = [value for value, _ in chosen.choices]
    chosen.choices = [(value, labels[value]) for value in present if value in labels]
