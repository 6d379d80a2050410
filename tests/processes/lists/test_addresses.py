"""Addresses of pages that a site may not have."""

from uuid import UUID

from processes.lists.addresses import address_of


def test_page_has_an_address() -> None:
    assert address_of("processes:detail", UUID(int=1)) == f"/processes/{UUID(int=1)}/"


def test_page_that_the_site_lacks_has_none() -> None:
    assert address_of("moons:detail", 1) == ""
