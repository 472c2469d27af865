# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets as they are read from AWS."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import Target


def target(
    identifier: str,
    state: str = "healthy",
    *,
    port: int | None = 8080,
    zone: str | None = None,
    reason: str | None = None,
) -> Target:
    return Target(identifier, port, zone, state, reason, None)
