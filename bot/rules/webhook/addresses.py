"""Which addresses webhooks may be sent to: those of the public internet alone."""

import ipaddress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_OTHERS = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # of Azure's own services for each machine, its metadata among them
            "192.0.0.0/24",  # of protocols (RFC 6890), which Python takes for public in part
            "192.88.99.0/24",  # relays to 6to4 (RFC 7526)
            "2001::/32",  # Teredo: it leads on to an address that is written within
            "3fff::/20",  # for documentation (RFC 9637)
        ),
    )
)
"""Nobody's webhooks, though Python calls them global."""


def is_public(address: str) -> bool:
    """Whether it is nobody's own network: no private, loopback, link-local, multicast or reserved address, nor one of
    those written as another kind. False for what is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    ordinary = found.is_global and not found.is_multicast and not found.is_reserved
    return ordinary and not any(found.version == net.version and found in net for net in _OTHERS)
