"""Texts for clients that show workflows by name: one language, ours, whatever is asked for."""

import re

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.access.permissions import Action, visible
from processes.models import Workflow

TEXTS = {"type": "object", "additionalProperties": True}


class Translations(APIView):
    """What workflows are called, by name, under `workflow`; fields of forms bring their labels with them."""

    action = Action.VIEW

    @extend_schema(operation_id="translations", responses={200: TEXTS})
    def get(self, request: Request, language: str) -> Response:
        if not re.fullmatch("[a-z]{2,3}-[A-Z]{2}", language):
            raise Http404("A language is written such as en-GB.")
        rows = visible(Workflow.objects.order_by("name"), request.user)
        return Response({"forms": {"fields": {}}, "workflow": dict(rows.values_list("name", "description"))})
