"""The Django app `orchestrator_site`."""

from django.apps import AppConfig


class OrchestratorSiteConfig(AppConfig):
    name = "orchestrator_site"
    default_auto_field = "django.db.models.BigAutoField"
