# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances that misbehave, on request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class InstanceFault:
    """What a named action does to an instance: a signal to its process, a change of its behavior."""

    signal: str | None = None
    behavior: Mapping[str, Any] = field(default_factory=dict)
    heals: bool = False  # forget earlier changes of behavior


def instance_fault(request: Mapping[str, Any]) -> InstanceFault:
    """Translate `{"action": …}`; an unknown action is the caller's mistake (ValueError)."""
    match request.get("action"):
        case "crash":
            return InstanceFault(signal="KILL")
        case "hang":
            return InstanceFault(signal="STOP")
        case "resume":
            return InstanceFault(signal="CONT", heals=True)
        case "slow":
            return InstanceFault(behavior={"latency_ms": float(request.get("latency_ms", 1000))})
        case "errors":
            return InstanceFault(behavior={"error_percent": float(request.get("error_percent", 100))})
        case "unhealthy":
            return InstanceFault(behavior={"health": "fail"})
        case action:
            raise ValueError(f"unknown instance action {action!r}: crash, hang, resume, slow, errors or unhealthy")
