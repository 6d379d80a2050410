"""Names as people write them."""

import pytest

from processes.lists import labels


@pytest.mark.parametrize(
    ("name", "asked", "shown"),
    [
        ("node_name", "Node name", "Node name"),
        ("customer_id", "Customer", "Customer ID"),
        ("id", "ID", "ID"),
        ("ims_id", "IMS", "IMS ID"),
        ("ipv4_ipam_id", "IPv4 IPAM", "IPv4 IPAM ID"),
        ("lldp", "LLDP", "LLDP"),
        ("vlanRanges", "VLAN ranges", "VLAN ranges"),
        ("saps 1", "SAPs 1", "SAPs 1"),
        ("", "", ""),
    ],
)
def test_names_are_spelled_as_people_do(name: str, asked: str, shown: str) -> None:
    assert (labels.question(name), labels.name(name)) == (asked, shown)
