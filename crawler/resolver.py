"""
Names to addresses, and which addresses may be connected to.

The connection is made to the very address that was vetted here, so that a name that changes its
answer gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

NAT64 = ipaddress.ip_network("64:ff9b::/96")  # `is_global` holds for it on some Pythons
SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
NAME_UNKNOWN = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def is_public(address: str) -> bool:
    """Say whether an address is one of the open Internet, however it is written."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        if mapped is not None:
            return mapped.is_global
        if parsed in NAT64 or parsed in SIX_TO_FOUR:
            return False
    return parsed.is_global and not parsed.is_multicast


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing waits for it: an answer that comes late is dropped by its receiver."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """
    Twisted's door to getaddrinfo, in the event loop's own threads.

    `allowed` holds the (host, port) of stand-ins that may be private; `failures` the failure class
    of each name that has no usable address.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.allowed: set[tuple[str, int]] = set()
        self.failures: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: ANN401, N803 - an IResolutionReceiver
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: ARG002, N803
        transportSemantics: str = "TCP",  # noqa: ARG002, N803
    ) -> _Resolution:
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        task = self.loop.create_task(self._resolve(resolutionReceiver, hostName, portNumber))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return resolution

    async def _resolve(self, receiver: Any, host: str, port: int) -> None:  # noqa: ANN401
        self.failures.pop(host, None)
        try:
            found = await self.loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            is_unknown = isinstance(error, UnicodeError) or error.errno in NAME_UNKNOWN
            self.failures[host] = "dns_nxdomain" if is_unknown else "dns"
            found = []
        for family, _, _, _, address in found:
            name = str(address[0])
            if (host, port) not in self.allowed and not is_public(name):
                self.failures[host] = "refused"
                continue
            kind = IPv6Address if family == socket.AF_INET6 else IPv4Address
            receiver.addressResolved(kind("TCP", name, port))
        receiver.resolutionComplete()
