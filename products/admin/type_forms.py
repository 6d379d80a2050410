"""The form of a resource type: choices and their labels entered as lines, checked by the catalogue's rules."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.text import capfirst
from unfold.widgets import UnfoldAdminTextareaWidget

from products.admin.forms import CatalogueForm, remember_name
from products.models import ResourceType
from products.queries.drafts import scalar_type
from products.schema import InvalidType, ScalarKind, check_type

_FORM_FIELDS = {"choices": "choices_text", "labels": "labels_text"}


class ResourceTypeForm(CatalogueForm):
    """Choices are entered one per line."""

    choices_text = forms.CharField(
        label="Choices",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="For an enum or an integer: the allowed values, one per line.",
    )

    labels_text = forms.CharField(
        label="Labels of choices",
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="What people see of each choice, in the same order, one per line; an empty line shows it as it is.",
    )

    class Meta:
        model = ResourceType
        fields = [
            "name",
            "formerly",
            "kind",
            "description",
            "minimum",
            "maximum",
            "min_length",
            "max_length",
            "pattern",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_before = self.instance.name
        self.initial["choices_text"] = "\n".join(map(str, self.instance.choices))
        shown = [self.instance.labels.get(str(choice), "") for choice in self.instance.choices]
        self.initial["labels_text"] = "\n".join(shown) if any(shown) else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        remember_name(self, cleaned, self._name_before)
        texts = [line.strip() for line in cleaned.get("choices_text", "").splitlines() if line.strip()]
        try:
            is_integer = cleaned.get("kind") == ScalarKind.INTEGER
            self.instance.choices = [int(text) for text in texts] if is_integer else texts
        except ValueError:
            self.add_error("choices_text", "Enter a whole number on each line.")
        self._read_labels(cleaned.get("labels_text") or "")
        for bound in ("minimum", "maximum"):
            self._check_bound(bound, cleaned.get(bound) or "")
        return cleaned

    def _read_labels(self, text: str) -> None:
        shown = [line.strip() for line in text.rstrip().splitlines()]
        if len(shown) > len(self.instance.choices):
            self.add_error("labels_text", "There are more labels than choices.")
        pairs = zip(map(str, self.instance.choices), shown, strict=False)
        self.instance.labels = {choice: label for choice, label in pairs if label}

    def _check_bound(self, name: str, text: str) -> None:
        try:
            Decimal(text or 0)
        except InvalidOperation:
            self.add_error(name, f"“{text}” is not a number.")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # not in the stubs
        if self.errors:
            return
        try:
            check_type(scalar_type(self.instance))
        except InvalidType as error:
            self.add_error(_FORM_FIELDS.get(error.constraint, error.constraint), f"{capfirst(str(error))}.")
