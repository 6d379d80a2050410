"""Which addresses of a prefix are free; arithmetic only."""

from collections.abc import Collection, Iterator
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network, ip_interface
from itertools import islice

Network = IPv4Network | IPv6Network
Interface = IPv4Interface | IPv6Interface


def free_addresses(network: Network, used: Collection[int], *, is_pool: bool, limit: int) -> list[Interface]:
    """The first `limit` free host addresses with the prefix's mask, lowest first.

    The network address is skipped (for IPv6 it is the subnet routers' anycast, RFC 4291 2.6.1), for IPv4 the
    broadcast address too; a pool, and a prefix of one or two addresses (RFC 3021, RFC 6164), hands out all.
    """
    numbers = (number for number in _numbers(network, is_pool=is_pool) if number not in used)
    return [_interface(network, number) for number in islice(numbers, limit)]


def _numbers(network: Network, *, is_pool: bool) -> Iterator[int]:
    first, last = int(network.network_address), int(network.broadcast_address)
    if not is_pool and last - first > 1:
        first += 1
        last -= 1 if network.version == 4 else 0
    number = first
    while number <= last:
        yield number
        number += 1


def _interface(network: Network, number: int) -> Interface:
    address = network.network_address + (number - int(network.network_address))
    return ip_interface(f"{address}/{network.prefixlen}")
