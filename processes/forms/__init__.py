"""Forms: pages that a generator yields, each a JSON Schema; one renderer and one way to clean for all of them."""

from processes.forms.errors import FieldError, FormError, FormIncomplete, FormInvalid, FormUnavailable, Page
from processes.forms.walk import FormGenerator, trace, walk

__all__ = [
    "FieldError",
    "FormError",
    "FormGenerator",
    "FormIncomplete",
    "FormInvalid",
    "FormUnavailable",
    "Page",
    "trace",
    "walk",
]
