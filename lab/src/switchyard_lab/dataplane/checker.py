# SPDX-License-Identifier: GPL-3.0-or-later
"""Active health checks, over real connections."""

import asyncio
from collections.abc import AsyncIterator, Callable

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from yarl import URL

from .config import HealthCheckConfig, TargetConfig
from .health import FAILED, PASSED, TIMED_OUT, CheckResult, judge
from .tls import UNVERIFIED

SHORTEST_INTERVAL_SECONDS = 0.05
"""However fast the lab's clock runs, checking must not eat the machine …"""
SHORTEST_TIMEOUT_SECONDS = 3.0
"""… and a target must not be called slow because the machine is."""


class Checker:
    def __init__(self, speed: float) -> None:
        self._speed = speed
        # A health check of an ALB opens its own connection and closes it, so a new process is seen at once.
        self._session = ClientSession(
            connector=TCPConnector(force_close=True, limit=0),
            headers={"User-Agent": "ELB-HealthChecker/2.0"},
        )

    async def close(self) -> None:
        await self._session.close()

    async def results(
        self, target: TargetConfig, settings: Callable[[], HealthCheckConfig]
    ) -> AsyncIterator[CheckResult]:
        """One check per interval, the first at once; settings that change hold from the next check on."""
        loop = asyncio.get_running_loop()
        while True:
            check, started = settings(), loop.time()
            yield await self._check(target, check)
            interval = max(check.interval / self._speed, SHORTEST_INTERVAL_SECONDS)
            await asyncio.sleep(started + interval - loop.time())

    async def _check(self, target: TargetConfig, check: HealthCheckConfig) -> CheckResult:
        port = target.port if check.port == "traffic-port" else int(check.port)
        seconds = min(check.timeout, max(check.timeout / self._speed, SHORTEST_TIMEOUT_SECONDS))
        try:
            if check.protocol == "TCP":
                return await _connects(target.host, port, seconds)
            if check.version != "HTTP1":
                from .http2_check import result_by_http2

                async with asyncio.timeout(seconds):
                    return await result_by_http2(target.host, port, check)
            url = URL(f"{check.protocol.lower()}://{target.host}:{port}{check.path}", encoded=True)
            whole = ClientTimeout(total=seconds)
            async with self._session.get(url, ssl=UNVERIFIED, timeout=whole, allow_redirects=False) as response:
                return judge(response.status, check.matcher)
        except TimeoutError:
            return TIMED_OUT
        except (ClientError, OSError):
            return FAILED


async def _connects(host: str, port: int, seconds: float) -> CheckResult:
    async with asyncio.timeout(seconds):
        _reader, writer = await asyncio.open_connection(host, port)
    writer.close()
    return PASSED
