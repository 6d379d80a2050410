"""Settings of `./run demo`: everything is on this machine and for it; the secret is kept in the data folder."""

import os
from pathlib import Path

_data = Path(os.environ.get("DATA_DIR", Path(__file__).resolve().parents[2] / ".data"))
_secret = _data / "secret-key"
if _secret.exists():
    os.environ.setdefault("SECRET_KEY", _secret.read_text().strip())
os.environ.setdefault("SECRET_KEY", "no-data-yet-and-nothing-is-signed-with-this")
os.environ.setdefault("HTTPS", "0")

from orchestrator_site.settings.base import *  # noqa: E402, F403
from orchestrator_site.settings.base import ROOT, STORAGES  # noqa: E402
from orchestrator_site.settings.limits import *  # noqa: E402, F403
from orchestrator_site.settings.prefix import *  # noqa: E402, F403
from orchestrator_site.settings.sign_in import *  # noqa: E402, F403

ENVIRONMENT = "demo"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None  # files are served from where they lie, which starts faster than collecting them
WHITENOISE_USE_FINDERS = True
EXTERNAL_SYSTEMS = {"inventory": {"max_concurrent": 2, "failure_threshold": 3, "cool_down_seconds": 15.0}}
WORKFLOW_MODULES = [
    "subscriptions.workflows.builtin",
    *(
        f"orchestrator_site.demo.workflows.{module.stem}"
        for module in sorted((ROOT / "orchestrator_site" / "demo" / "workflows").glob("[a-z]*.py"))
    ),
]
