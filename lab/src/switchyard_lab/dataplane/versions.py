# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol versions of target groups, and which requests they take."""

from multidict import MultiMapping


def is_grpc(headers: MultiMapping[str]) -> bool:
    return headers.get("Content-Type", "").startswith("application/grpc")


def mismatch(version: str, *, http2: bool, grpc: bool, method: str) -> bool:
    """The load balancer answers 464 then ("HTTP 464" in Troubleshoot your Application Load Balancers): to HTTP/1.1 for
    a group of version HTTP2 or GRPC, to gRPC for one of HTTP1, and to what is no POST for one of GRPC."""
    if version == "HTTP1":
        return grpc
    return not http2 or (version == "GRPC" and method != "POST")
