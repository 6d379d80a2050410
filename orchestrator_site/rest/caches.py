"""What this web process keeps in memory, to be forgotten on demand. None of it can be stale: versions never change.

Each process has its own, and workers theirs; who asks here is served by one of them.
"""

from collections.abc import Mapping

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.access.permissions import Action
from products.queries import schema_of

CACHES: Mapping[str, str] = {"all": "Everything that this server keeps in memory: the models of product versions."}
COUNT = {"type": "integer"}
NAMES = {"type": "object", "additionalProperties": {"type": "string"}}


class CacheNames(APIView):
    """The caches by name, each with what it keeps."""

    action = Action.VIEW

    @extend_schema(operation_id="settings_cache_names", responses={200: NAMES})
    def get(self, request: Request) -> Response:
        return Response(CACHES)


class OneCache(APIView):
    """Forget what a cache keeps; answers how many entries there were."""

    action = Action.ADMINISTER

    @extend_schema(operation_id="settings_cache_clear", responses={200: COUNT})
    def delete(self, request: Request, name: str) -> Response:
        if name not in CACHES:
            raise ValidationError({"name": [f"Invalid cache name; known caches: {', '.join(CACHES)}."]})
        return Response(_forget())


def _forget() -> int:
    count = schema_of.cache_info().currsize
    schema_of.cache_clear()
    return count
