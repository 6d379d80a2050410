"""ETags of live pages: written, and read back."""

import pytest

from processes.views.etags import digest, digests_in, etag_of


def test_digests_are_read_as_they_were_written() -> None:
    digests = {"tiles": digest(1, "a"), "workers": digest([])}

    assert digests_in(etag_of(digests), digests) == digests
    assert digests_in(f" W/{etag_of(digests)}", digests) == digests


def test_digest_is_of_the_values() -> None:
    assert digest(1, "a") == digest(1, "a") == "e30de80b4ebf"
    assert digest(1, "a") != digest("1", "a")


@pytest.mark.parametrize("text", ["", "*", '""', '"a1"', '"a1.b2.c3"', '"a1.xy"', "a1.b2"])
def test_other_texts_are_none_of_ours(text: str) -> None:
    assert digests_in(text, ["tiles", "workers"]) is None
