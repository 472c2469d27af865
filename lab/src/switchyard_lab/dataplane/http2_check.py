# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks of target groups of version HTTP2 and GRPC."""

from ..http2 import StreamBrokenError, connected
from .config import HealthCheckConfig
from .health import FAILED, CheckResult, judge
from .tls import UNVERIFIED_HTTP2

NO_MESSAGE = b"\0\0\0\0\0"  # an empty message of gRPC: not compressed, of length 0


async def result_by_http2(host: str, port: int, check: HealthCheckConfig) -> CheckResult:
    grpc = check.version == "GRPC"
    secure = check.protocol == "HTTPS"
    head = [
        (":method", "POST" if grpc else "GET"),
        (":scheme", "https" if secure else "http"),
        (":authority", f"{host}:{port}"),
        (":path", check.path),
        ("user-agent", "ELB-HealthChecker/2.0"),
        *([("content-type", "application/grpc"), ("te", "trailers")] if grpc else []),
    ]
    try:
        async with connected(host, port, UNVERIFIED_HTTP2 if secure else None) as line:
            stream = line.open(head, end=not grpc)
            if grpc:
                await stream.send(NO_MESSAGE, end=True)
            found = dict(await stream.headers())
            async for piece in stream.body():
                if not isinstance(piece, bytes):
                    found |= dict(piece)
    except StreamBrokenError:
        return FAILED
    return judge(_code(found, grpc), check.matcher)


def _code(found: dict[str, str], grpc: bool) -> int:
    """A target that has no status of gRPC to tell has not spoken it: UNKNOWN."""
    return int(found.get("grpc-status", 2)) if grpc else int(found[":status"])
