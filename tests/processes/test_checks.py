"""What `manage.py check` says about workflows."""

import subprocess
import sys
from dataclasses import replace

import pytest

from processes.checks import steps_without_keys
from processes.engine import begin
from tests.processes.letters import A, B, Release

pytestmark = pytest.mark.django_db


def test_step_whose_key_is_made_of_its_name_is_warned_of(release: Release) -> None:
    release(begin >> A >> replace(B, has_own_key=True))

    (warning,) = steps_without_keys(None)

    assert warning.id == "processes.W001"
    assert warning.msg == 'The step "A" of letters has no key of its own; give it key="a".'


def test_checks_of_every_app_are_known_once_the_site_is_set_up() -> None:
    asked = """
import django; django.setup()
from django.core.checks.registry import registry
print(*sorted({check.__module__ for check in registry.registered_checks if not check.__module__.startswith("django")}))
"""
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert {"orchestrator_site.checks", "processes.checks"} <= set(told.stdout.split())
