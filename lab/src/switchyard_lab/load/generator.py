# SPDX-License-Identifier: GPL-3.0-or-later
"""The load itself: open loop, so requests leave at their time whether or not earlier ones have come back."""

import asyncio
import itertools
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from ..authority import trusting
from .resolving import Resolver, Resolving
from .result import Answer, LoadResult, Second, Tally

TIMEOUT_SECONDS = 10.0


class Load:
    """``async with Load(url, rate=300) as load: …``, then ``load.result``. Without ``seconds`` it lasts as long as the
    block. Leaving the block sends what is due by then, and waits for the answers. Without ``keep_alive`` each request
    has a connection of its own: a Network Load Balancer does not move those that are open, and neither does DNS.
    ``ca`` is the certificate authority that the clients trust, when not the system's.
    ``resolving`` says how the URL's name is looked up; the clients that it speaks of take turns."""

    result: LoadResult

    def __init__(
        self,
        url: str,
        rate: float,
        seconds: float | None = None,
        *,
        keep_alive: bool = True,
        resolving: Resolving | None = None,
        ca: Path | None = None,
    ) -> None:
        self._url = url
        self._tls = trusting(ca)
        self._resolving = resolving
        self._keep_alive = keep_alive
        self._rate = rate
        self._count = None if seconds is None else round(seconds * rate)
        self._end = float("inf")
        self._outstanding: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._sessions = [self._client() for _number in range(self._resolving.clients if self._resolving else 1)]
        self._started, self._clock = time.time(), time.perf_counter()
        self._tally = Tally(self._started)
        self._pacing = asyncio.create_task(self._pace())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end = time.perf_counter()
        await self._pacing
        seconds = self._end - self._clock
        if self._outstanding:
            await asyncio.wait(self._outstanding)
        for session in self._sessions:
            await session.close()
        self.result = self._tally.result(seconds)

    @property
    def all_sent(self) -> bool:
        """A load with a given duration has come to its end."""
        return self._pacing.done()

    @property
    def timeline(self) -> list[Second]:
        """The seconds so far; the last ones are not yet complete."""
        return self._tally.timeline

    async def _pace(self) -> None:
        for number in itertools.count() if self._count is None else range(self._count):
            due = self._clock + number / self._rate
            await asyncio.sleep(due - time.perf_counter())
            if due > self._end:
                return
            task = asyncio.create_task(self._request(self._sessions[number % len(self._sessions)], due))
            self._outstanding.add(task)
            task.add_done_callback(self._outstanding.discard)

    def _client(self) -> ClientSession:
        resolver = Resolver(self._resolving) if self._resolving else None
        session = ClientSession(
            connector=TCPConnector(
                limit=0,
                ssl=self._tls,
                force_close=not self._keep_alive,
                resolver=resolver,
                use_dns_cache=resolver is None,
            ),
            cookie_jar=DummyCookieJar(),  # every request is a new client to a sticky load balancer
            timeout=ClientTimeout(total=TIMEOUT_SECONDS),
        )
        # aiohttp would send a GET again when its connection broke, and so hide what this load is to count.
        session._retry_connection = False
        return session

    async def _request(self, session: ClientSession, due: float) -> None:
        response: ClientResponse | None = None
        error = ""
        try:
            async with session.get(self._url, allow_redirects=False) as response:
                await response.read()
        except (ClientError, OSError, TimeoutError) as caught:
            error = type(caught).__name__
        self._tally.add(
            Answer(
                due=self._started + due - self._clock,
                seconds=time.perf_counter() - due,
                status=response.status if response else 0,
                error=error,
                release=response.headers.get("X-Release", "") if response else "",
                instance=response.headers.get("X-Instance-Id", "") if response else "",
            )
        )
