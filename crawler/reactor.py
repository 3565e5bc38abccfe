"""
One reactor for the life of the process.

A Twisted reactor can't be started twice, but the asyncio loop below it can be run as often as one
likes: each crawl runs it until that crawl is done. So nights follow each other in one process, and
a kill leaves nothing behind that holds the lock or the store.
"""

import asyncio
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

from scrapy.utils.misc import load_object
from scrapy.utils.reactor import install_reactor

from crawler import settings
from crawler.resolver import GuardedResolver

T = TypeVar("T")
REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


@cache
def event_loop() -> asyncio.AbstractEventLoop:
    """The loop that the reactor was installed on, at the first call."""
    # Scrapy would make a standard loop first, only to leave it behind unclosed.
    asyncio.set_event_loop(load_object(settings.ASYNCIO_EVENT_LOOP)())
    install_reactor(REACTOR, settings.ASYNCIO_EVENT_LOOP)
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop  # noqa: SLF001
    reactor.startRunning(installSignalHandlers=False)
    return loop


@cache
def resolver() -> GuardedResolver:
    """The resolver of all connections of this process."""
    loop = event_loop()
    from twisted.internet import reactor  # noqa: PLC0415 - only after event_loop()

    guarded = GuardedResolver(loop)
    reactor.installNameResolver(guarded)
    return guarded


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return event_loop().run_until_complete(coroutine)
