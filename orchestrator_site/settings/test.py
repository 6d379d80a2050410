"""Settings of the tests; tests/database.py names the database before they are read."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-and-long-enough-to-be-taken-for-a-key")
os.environ.setdefault("HTTPS", "0")

from orchestrator_site.settings.base import *  # noqa: F403
from orchestrator_site.settings.base import DATABASES, SQLITE_OPTIONS, STORAGES
from orchestrator_site.settings.limits import *  # noqa: F403
from orchestrator_site.settings.prefix import *  # noqa: F403
from orchestrator_site.settings.sign_in import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUDIT_ANCHORS = RATES_FILE = ""
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # no collectstatic before a test

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes must see the same database. Nothing here need survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": f"{DATABASES['default']['NAME']}.test"}
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;",
    }
