# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance answers by HTTP/2, and to calls of gRPC."""

import asyncio
import json
from collections.abc import Callable

from ..http2 import Headers, Line, Stream, StreamBrokenError
from .behavior import Conduct

NO_MESSAGE = b"\0\0\0\0\0"  # an empty message of gRPC: not compressed, of length 0
OK, UNIMPLEMENTED, INTERNAL, UNAVAILABLE = "0", "12", "13", "14"
HEALTH_PATHS = ("/health", "/AWS.ALB/healthcheck")


def speaks_http2(instance: str, conduct: Conduct) -> Callable[[], Line]:
    async def answer(stream: Stream) -> None:
        try:
            await _answer(stream, instance, conduct)
        except StreamBrokenError:  # the load balancer has given up
            return

    return lambda: Line(answer)


async def _answer(stream: Stream, instance: str, conduct: Conduct) -> None:
    asked = dict(await stream.headers())
    grpc, path = asked.get("content-type", "").startswith("application/grpc"), asked[":path"]
    if path in HEALTH_PATHS:
        good = conduct.health_check_passes()
        status = 200 if good else 500
    else:
        status = conduct.status_of(path, asyncio.get_running_loop().time())
        if conduct.hangs():
            await asyncio.Event().wait()
        if conduct.resets():
            stream.reset()
            return
        await asyncio.sleep(conduct.behavior.latency_ms / 1000)
    who = [("x-release", conduct.behavior.release), ("x-instance-id", instance)]
    if grpc:
        await _answer_call(stream, who, path, status)
        return
    async for _piece in stream.body():
        pass
    stream.start([(":status", str(status)), ("content-type", "application/json"), *who])
    await stream.send(json.dumps({"path": path, "method": asked[":method"]} | dict(who)).encode(), end=True)


async def _answer_call(stream: Stream, who: Headers, path: str, status: int) -> None:
    """A message for each that comes, until the caller has no more. A failure is no status of HTTP: it is in the
    trailers of an answer that is 200."""
    stream.start([(":status", "200"), ("content-type", "application/grpc"), *who])
    async for piece in stream.body():
        if status == 200 and isinstance(piece, bytes):
            await stream.send(NO_MESSAGE)
    code = {200: UNIMPLEMENTED if path == HEALTH_PATHS[1] else OK, 503: UNAVAILABLE}.get(status, INTERNAL)
    stream.start([("grpc-status", code)], end=True)
