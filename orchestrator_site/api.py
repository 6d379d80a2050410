"""Addresses below /api/: those of the apps, sign-in for programs, health, and the description of it all."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from orchestrator_site.account.api import OnePersonalToken, PersonalTokens
from orchestrator_site.auth import schemes  # noqa: F401 - the description finds what was imported
from orchestrator_site.auth.api import SignInForToken, SignOutToken
from orchestrator_site.auth.rest import RolePermission
from orchestrator_site.operations.health import Health
from orchestrator_site.rest.caches import CacheNames, OneCache
from orchestrator_site.rest.overview import Overview
from orchestrator_site.rest.translations import Translations
from processes.access.permissions import Action


class Schema(SpectacularAPIView):
    """The OpenAPI 3.1 description of this interface."""

    permission_classes = [RolePermission]
    action = Action.VIEW


class Docs(SpectacularSwaggerSplitView):
    """The same to read and to try, from files of our own."""

    permission_classes = [RolePermission]
    action = Action.VIEW
    template_name = "api/docs.html"


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", Health.as_view(), name="api-health"),
    path("auth/login/", SignInForToken.as_view(), name="api-login"),
    path("auth/logout/", SignOutToken.as_view(), name="api-logout"),
    path("tokens/", PersonalTokens.as_view(), name="api-tokens"),
    path("tokens/<int:token_id>", OnePersonalToken.as_view(), name="api-token"),
    path("settings/overview", Overview.as_view(), name="api-settings-overview"),
    path("settings/cache-names", CacheNames.as_view(), name="api-cache-names"),
    path("settings/cache/<str:name>", OneCache.as_view(), name="api-cache"),
    path("translations/<str:language>", Translations.as_view(), name="api-translations"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(url_name="api-schema"), name="api-docs"),
    path("", include("processes.api.urls")),
    path("", include("products.api.urls")),
    path("", include("subscriptions.api.urls")),
]
