"""What earlier releases have stored is finished by this one; see `corpus.py` for how it was stored."""

from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType

from processes.engine.values.status import ProcessStatus
from tests.faults import corpus


@pytest.mark.timeout(120)
@pytest.mark.parametrize("release", corpus.releases())
def test_every_process_of_an_earlier_release_is_finished(transactional_db: None, tmp_path: Path, release: str) -> None:
    found = corpus.finish(release, tmp_path)

    ContentType.objects.clear_cache()
    assert {one.status for one in found} >= set(ProcessStatus) - corpus.GONE
