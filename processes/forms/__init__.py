"""Forms: pages that a generator yields, each a JSON Schema; one renderer and one way to clean for all of them.

Not here: pages of a browser (`processes.views.wizard`), what is done with the answers (`processes.actions`). The rule:
a form changes nothing, and runs outside of any transaction. Begin with `walk`, then `page` and `clean`.
"""

from processes.forms import drafts
from processes.forms.clean import AGAIN, Cleaned, clean_post, edit_post
from processes.forms.errors import FieldError, FormError, FormIncomplete, FormInvalid, FormUnavailable, Page
from processes.forms.page import PageForm, page_fields
from processes.forms.texts import LinesField, LongText
from processes.forms.unchanged import unchanged
from processes.forms.values import Answer, summary
from processes.forms.walk import FormGenerator, check_answers, trace, walk

__all__ = [
    "AGAIN",
    "Answer",
    "Cleaned",
    "FieldError",
    "FormError",
    "FormGenerator",
    "FormIncomplete",
    "FormInvalid",
    "FormUnavailable",
    "LinesField",
    "LongText",
    "Page",
    "PageForm",
    "check_answers",
    "clean_post",
    "drafts",
    "edit_post",
    "page_fields",
    "summary",
    "trace",
    "unchanged",
    "walk",
]
