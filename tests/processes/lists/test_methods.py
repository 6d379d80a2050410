"""Which methods a page takes is known before it is called."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views import View
from django.views.decorators.http import require_GET

from processes.lists.methods import methods_of, require_form, require_POST, require_safe


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.method)


class Form(View):
    """A page as a class."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return page(request)

    post = get


class Posted(Form):
    """One that is only posted to."""

    http_method_names = ["post"]


@pytest.mark.parametrize(
    ("view", "methods"),
    [
        (require_safe(page), {"GET", "HEAD"}),
        (require_POST(page), {"POST"}),
        (require_form(page), {"GET", "HEAD", "POST"}),
        (Form.as_view(), {"GET", "HEAD", "POST", "OPTIONS"}),
        (Posted.as_view(), {"POST"}),
    ],
    ids=["safe", "post", "form", "class", "posted class"],
)
def test_view_says_what_it_takes(view: Any, methods: set[str], rf: RequestFactory) -> None:
    taken = methods_of(view)

    assert taken is not None
    assert set(taken) == methods
    assert {name: view(rf.generic(name, "/")).status_code != 405 for name in ("GET", "HEAD", "POST", "PUT")} == {
        name: name in methods for name in ("GET", "HEAD", "POST", "PUT")
    }


def test_view_of_somebody_else_says_nothing() -> None:
    assert methods_of(require_GET(page)) is None
