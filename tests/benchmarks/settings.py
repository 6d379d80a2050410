"""Settings of the benchmarks: production, with endpoints to compare with and the workflows that are timed."""

from orchestrator_site.settings.base import *  # noqa: F403
from orchestrator_site.settings.base import STORAGES

ROOT_URLCONF = "tests.benchmarks.urls"
WORKFLOW_MODULES = ["subscriptions.workflows.builtin", "tests.benchmarks.workflows"]
# Pages name static files and nobody asks for them: nothing needs to be collected before a round.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
