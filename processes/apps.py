"""The Django app `processes`."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_migrate


class ProcessesConfig(AppConfig):
    name = "processes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from processes import checks  # noqa: F401 - they register themselves with Django
        from processes.store import clock, early, folding, patience

        connection_created.connect(clock.add_to_sqlite, dispatch_uid="processes.store.clock")
        connection_created.connect(folding.add_to_sqlite, dispatch_uid="processes.store.folding")
        connection_created.connect(patience.add_to_postgresql, dispatch_uid="processes.store.patience")
        folding.register_lookups()
        pre_migrate.connect(early.mend, sender=self, dispatch_uid="processes.store.early")
