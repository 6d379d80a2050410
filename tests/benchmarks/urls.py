"""Addresses of the site, and those of the endpoints that it is compared with."""

from django.urls import include, path

from tests.benchmarks import endpoints

urlpatterns = [
    path("api/floor/empty", endpoints.Empty.as_view()),
    path("api/floor/subscriptions", endpoints.Subscriptions.as_view()),
    path("api/floor/subscription/<uuid:subscription_id>", endpoints.Tree.as_view()),
    path("api/floor/processes", endpoints.Processes.as_view()),
    path("", include("orchestrator_site.urls")),
]
