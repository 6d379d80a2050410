"""Personal tokens over REST: one's own listed, made and ended; those of others listed and ended by administrators."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orchestrator_site.auth import tokens
from orchestrator_site.auth.rest import Bearer
from orchestrator_site.models import PersonalToken
from processes.access.permissions import Action, Denied, Scope, check, decide, rights_of
from processes.api.schema import PROBLEM

_ROW = {
    "id": 7,
    "name": "nightly report",
    "scope": "read",
    "created_at": "2026-11-28T10:00:00Z",
    "expires_at": "2027-02-26T10:00:00Z",
    "last_used_at": None,
    "last_used_from": None,
}
_MADE = {**_ROW, "token": "6f1e…"}
_WANTED = {"name": "nightly report", "scope": "read", "days": 90}


class TokenOut(serializers.Serializer[Any]):
    """A personal token; its text is nowhere but in the answer that made it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    scope = serializers.ChoiceField([scope.value for scope in Scope])
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    last_used_from = serializers.CharField(allow_null=True)


class MadeTokenOut(TokenOut):
    """A token that was just made; send it as `Authorization: Token …`."""

    token = serializers.CharField(help_text="Shown only once; the server keeps a digest.")


class TokenIn(serializers.Serializer[Any]):
    """What a token shall be called, how much of one's rights it carries, and how long it lasts."""

    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField([scope.value for scope in Scope])
    days = serializers.IntegerField(min_value=1, max_value=tokens.MOST_DAYS)


class HasAccount(IsAuthenticated):
    """Somebody who is kept here; a bearer without a role is not."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and request.user.pk is not None


class PersonalTokens(APIView):
    """Personal tokens that work now, the newest first; `username` names another person, for administrators."""

    permission_classes = [HasAccount]

    @extend_schema(
        operation_id="tokens",
        tags=["sign-in"],
        parameters=[OpenApiParameter("username", str, description="Whose; one's own without it.")],
        responses={200: TokenOut(many=True), 404: PROBLEM},
        examples=[OpenApiExample("One that was never used", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        return Response([token_row(token) for token in tokens.of_person(_whose(request))])

    @extend_schema(
        operation_id="token_make",
        tags=["sign-in"],
        request=TokenIn,
        responses={201: MadeTokenOut, 400: PROBLEM},
        examples=[
            OpenApiExample("To read with, for ninety days", value=_WANTED, request_only=True),
            OpenApiExample("Made", value=_MADE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """Make a token of one's own, with no more than the rights of this request."""
        _check_may_make(request)
        wanted = TokenIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        scope = Scope(given["scope"])
        tokens.check_carries(rights_of(request.user), scope)
        life = timedelta(days=given["days"])
        made, text = tokens.make(_me(request), name=given["name"], scope=scope, life=life)
        return Response({**token_row(made), "token": text}, status=201)


class OnePersonalToken(APIView):
    """A personal token: one's own, or another's for administrators."""

    permission_classes = [HasAccount]

    @extend_schema(operation_id="token_end", tags=["sign-in"], request=None, responses={204: None, 404: PROBLEM})
    def delete(self, request: Request, token_id: int) -> Response:
        """End it; it works no longer at once."""
        me = _me(request)
        found = tokens.of_person(me) if not decide(me, Action.ADMINISTER).allowed else tokens.of_anybody()
        token = found.filter(pk=token_id).first()
        if token is None:
            raise NotFound("There is no token with this id.")
        _check_acts(request)
        tokens.end(token.token.user, [token], by=me.username)
        return Response(status=204)


def token_row(token: PersonalToken) -> dict[str, Any]:
    """A token in the words of REST."""
    return {
        "id": token.pk,
        "name": token.name,
        "scope": token.scope,
        "created_at": token.token.created,
        "expires_at": token.token.expiry,
        "last_used_at": token.last_used_at,
        "last_used_from": token.last_used_from or None,
    }


def _me(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


def _whose(request: Request) -> User:
    name = request.query_params.get("username")
    if name is None or name == _me(request).username:
        return _me(request)
    check(request.user, Action.ADMINISTER)
    person = User.objects.filter(username=name).first()
    if person is None:
        raise NotFound("There is no user of this name.")
    return person


def _check_acts(request: Request) -> None:
    if rights_of(request.user).scope is Scope.READ:
        raise Denied("This token was made to read; it may not do this.")


def _check_may_make(request: Request) -> None:
    """A bearer has the rights of its own token; one made here would have those of the person's last sign-in."""
    _check_acts(request)
    if isinstance(request.successful_authenticator, Bearer):
        raise Denied("An access token of the identity provider makes no tokens; sign in for that.")
