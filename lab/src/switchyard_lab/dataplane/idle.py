# SPDX-License-Identifier: GPL-3.0-or-later
"""The idle timeout of a connection through the load balancer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def ends_idle(seconds: float) -> AsyncIterator[Callable[[], None]]:
    """TimeoutError when nothing has passed for so long; whatever passes calls what this yields."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(seconds) as scope:

        def passed() -> None:
            if not scope.expired():
                scope.reschedule(loop.time() + seconds)

        yield passed
