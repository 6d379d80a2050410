#!/usr/bin/env python
"""The command line of the site; `manage.py workers` is the one that runs processes."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator_site.settings.base")
    if "collectstatic" not in sys.argv:
        os.umask(0o077)  # an SQLite database is for this user; static files are for every web server
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, InterfaceError) as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{sys.argv[0]}: the database cannot be used: {error}".strip())
    except OSError as error:
        if "--traceback" in sys.argv or error.filename is None:
            raise
        sys.exit(f"{sys.argv[0]}: {error}")
