"""The form of a rule over several fields."""

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextareaWidget

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
