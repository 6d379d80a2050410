"""Addresses of pages that a site may not have."""

from uuid import UUID

from processes.lists.addresses import address_of, addresses_of


def test_page_has_an_address() -> None:
    assert address_of("processes:detail", UUID(int=1)) == f"/processes/{UUID(int=1)}/"


def test_page_that_the_site_lacks_has_none() -> None:
    assert address_of("moons:detail", 1) == ""


def test_pages_of_many_have_their_addresses_by_one_look() -> None:
    address = addresses_of("processes:detail")

    assert address(UUID(int=1)) == address_of("processes:detail", UUID(int=1))
