"""Forms of a rule over several fields, and of what a product makes narrower."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from products.models import BlockField, NarrowedField
from products.schema import ScalarKind
from products.schema.expressions import InvalidExpression, parse


class RuleForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A rule; whether all that it names is there is checked when the whole catalogue is published."""

    class Meta:
        fields = ["rule", "message", "position"]
        labels = {"position": "Order"}
        widgets = {"rule": UnfoldAdminTextareaWidget(attrs={"rows": 2})}
        help_texts = {
            "rule": "What must hold: “len(saps) >= 2 and all(sap.vlan for sap in saps)”.",
            "message": "What is said when it does not.",
        }

    def clean_rule(self) -> str:
        text: str = self.cleaned_data["rule"].strip()
        try:
            parse(text)
        except InvalidExpression as error:
            raise ValidationError(f"The rule {error}.") from error
        return text


class FieldOfBlock(forms.ModelChoiceField):  # type: ignore[type-arg] # generic in the stubs alone
    """A field by the name of its block and its own."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.block.name}.{obj.name}"


class NarrowedForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """What a product makes narrower; that it is no wider than the block is checked when the catalogue is published."""

    field = FieldOfBlock(
        queryset=BlockField.objects.select_related("block").order_by("block__name", "position"),
        widget=UnfoldAdminSelectWidget,
    )
    choices_text = forms.CharField(
        label="Choices",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Those that are left, one per line; a single one is filled in.",
    )

    class Meta:
        model = NarrowedField
        fields = ["field", "fewest", "most", "minimum", "maximum", "position"]
        labels = {"position": "Order"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices_text"] = "\n".join(map(str, self.instance.choices))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        lines = [line.strip() for line in cleaned.get("choices_text", "").splitlines() if line.strip()]
        field = cleaned.get("field")
        is_integer = field is not None and field.resource_type and field.resource_type.kind == ScalarKind.INTEGER
        try:
            self.instance.choices = [int(line) for line in lines] if is_integer else lines
        except ValueError:
            self.add_error("choices_text", "Enter a whole number on each line.")
        for bound in ("minimum", "maximum"):
            try:
                Decimal(cleaned.get(bound) or 0)
            except InvalidOperation:
                self.add_error(bound, f"“{cleaned[bound]}” is not a number.")
        return dict(cleaned)
