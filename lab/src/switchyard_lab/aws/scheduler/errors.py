# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of EventBridge Scheduler, with the status codes of its API reference."""

from __future__ import annotations

from moto.core.exceptions import JsonRESTError


class SchedulerError(JsonRESTError):
    def __init__(self, code: int, kind: str, message: str) -> None:
        self.code = code
        super().__init__(kind, message)


def invalid(message: str) -> SchedulerError:
    return SchedulerError(400, "ValidationException", message)


def conflict(message: str) -> SchedulerError:
    return SchedulerError(409, "ConflictException", message)


def not_found(message: str) -> SchedulerError:
    return SchedulerError(404, "ResourceNotFoundException", message)
