"""The Django app `orchestrator_site`."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class OrchestratorSiteConfig(AppConfig):
    default = True
    name = "orchestrator_site"
    verbose_name = "Identity provider"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from orchestrator_site import checks  # noqa: F401 - these register themselves
        from orchestrator_site.account import endings  # noqa: F401
        from orchestrator_site.auth import rule_changes  # noqa: F401
        from orchestrator_site.operations import logs

        logs.route_structlog()


class SiteAdminConfig(admin.SimpleAdminConfig):
    """Django's admin on our own site class; its pages are found where its addresses are, which a worker never needs."""

    default = False
    default_site = "orchestrator_site.auth.admin_site.SiteAdmin"
