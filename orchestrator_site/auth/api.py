"""Tokens for programs: one is given for a name and password, and given back."""

from django.contrib.auth.models import User
from drf_spectacular.utils import OpenApiExample, extend_schema
from knox.models import AuthToken
from knox.settings import knox_settings
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orchestrator_site.auth import tokens
from orchestrator_site.auth.rest import Basic, KnoxToken
from processes.access import audit
from processes.access.permissions import Scope


class TokenSerializer(serializers.Serializer[dict[str, object]]):
    """An API token; send it as `Authorization: Token …`."""

    token = serializers.CharField(help_text="Shown only once; the server keeps a digest.")
    expiry = serializers.DateTimeField(help_text="Expiry time.")


class SignInForToken(APIView):
    """Get a token with the user name and password, sent as HTTP Basic; the user's expired ones are removed."""

    authentication_classes = [Basic]
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="sign_in",
        tags=["sign-in"],
        request=None,
        responses=TokenSerializer,
        examples=[
            OpenApiExample(
                "A token valid for ten hours",
                value={"token": "6f1e…", "expiry": "2026-11-22T04:00:00Z"},
                response_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        user = request.user
        assert isinstance(user, User)
        made, text = tokens.make(user, name=tokens.BY_SIGN_IN, scope=Scope.ALL, life=knox_settings.TOKEN_TTL)
        return Response({"token": text, "expiry": made.token.expiry})


class SignOutToken(APIView):
    """Revoke the token of this request."""

    authentication_classes = [KnoxToken]
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="sign_out", tags=["sign-in"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        token = request.auth
        assert isinstance(token, AuthToken)
        audit.record("token_ended", by=request.user.get_username(), kind="user", subject=request.user.pk)
        token.delete()
        return Response(status=204)
