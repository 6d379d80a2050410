"""The WSGI entry that gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings.base")
site = get_wsgi_application()

from orchestrator_site.operations import prefix  # noqa: E402 - models can be imported from here on
from processes.plugins import registry  # noqa: E402 - as above
from processes.workers.frames import in_one_chunk  # noqa: E402 - as above

application = in_one_chunk(prefix.below(settings.SITE_PREFIX, site))

# Loaded now, in one thread and before a fork: the first requests neither wait for it nor race for it.
get_resolver().url_patterns  # noqa: B018
registry.all_workflows()
