# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks: what is expected of an answer, and what is found where one is not as expected."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..base.errors import BluegreenError
from .replies import Mark, Reply

Complaint = str  # "expected …, got …"
Expectation = Callable[[Reply], "Complaint | None"]


@dataclass(frozen=True)
class Check:
    """One request, and what its answer must be like; no ``statuses`` means that any will do."""

    path: str = "/"
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    statuses: Sequence[int] = ()
    body_pattern: re.Pattern[str] | None = None
    json: Mapping[str, Any] = field(default_factory=dict)
    max_ms: int | None = None
    repetitions: int = 1
    name: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Check:
        """From the module's options. A malformed pattern is an error before the first request."""
        pattern = given["body_pattern"]
        try:
            compiled = None if pattern is None else re.compile(pattern)
        except re.error as error:
            raise BluegreenError(f"body_pattern {pattern} is not a regular expression: {error}.") from None
        if given["repetitions"] < 1:
            raise BluegreenError(f"repetitions of a check are 1 or more; given: {given['repetitions']}.")
        return cls(
            path=given["path"],
            method=given["method"].upper(),
            headers=parse_headers(given["headers"]),
            body=given["body"],
            statuses=given["status"],
            body_pattern=compiled,
            json=given["json"] or {},
            max_ms=given["max_ms"],
            repetitions=given["repetitions"],
            name=given["name"],
        )

    def expectations(self) -> list[Expectation]:
        expected: list[Expectation] = [partial(_expect_value, path, value) for path, value in self.json.items()]
        if self.statuses:
            expected.insert(0, partial(_expect_status, self.statuses))
        if self.body_pattern is not None:
            expected.append(partial(_expect_pattern, self.body_pattern))
        if self.max_ms is not None:
            expected.append(partial(_expect_speed, self.max_ms))
        return expected

    def __str__(self) -> str:
        request = f"{self.method} {self.path}"
        return f"{self.name} ({request})" if self.name else request


@dataclass(frozen=True)
class Identity:
    """What the candidate's answers state about themselves; what was not requested is None.

    With ``others`` the route leads elsewhere too, so that other instances may answer.
    """

    release: str | None = None
    release_mark: Mark | None = None
    instances: Sequence[str] = ()
    instance_mark: Mark | None = None
    others: bool = False

    def expectations(self) -> list[Expectation]:
        expected: list[Expectation] = []
        if self.release_mark:
            expected.append(partial(_expect_release, self.release_mark, self.release))
        if self.instance_mark:
            expected.append(partial(_expect_instance, self.instance_mark))
        return expected

    def is_confirmed_by(self, reply: Reply) -> bool:
        return reply.error is None and not any(expect(reply) for expect in self.expectations())

    def seen(self, replies: Iterable[Reply]) -> list[str]:
        """The instances that answered."""
        mark = self.instance_mark
        return sorted({name for reply in replies if mark and (name := mark.read(reply)) is not None})

    def silent(self, seen: Sequence[str]) -> list[str]:
        """The expected instances that did not answer."""
        return [instance for instance in self.instances if instance not in seen]

    def find_strangers(self, seen: Sequence[str]) -> list[str]:
        expected = ", ".join(self.instances) or "none"
        return [
            f"Instance {name} answered, which is not one of the expected: {expected}."
            for name in seen
            if name not in self.instances and not self.others
        ]


def parse_headers(given: Mapping[str, Any] | None) -> dict[str, str]:
    return {str(name): str(value) for name, value in (given or {}).items()}


def find_failures(check: Check, identity: Identity, replies: Sequence[Reply]) -> list[str]:
    """A sentence for each expectation that one or more of the replies did not meet."""
    answers = [reply for reply in replies if reply.error is None]
    lost = [f"expected an answer, got none: {reply.error}" for reply in replies if reply.error is not None]
    unmet = [
        [complaint for reply in answers if (complaint := expect(reply))]
        for expect in (*check.expectations(), *identity.expectations())
    ]
    return [_sentence(check, complaints, len(replies)) for complaints in (lost, *unmet) if complaints]


def _sentence(check: Check, complaints: Sequence[Complaint], requests: int) -> str:
    """The first complaint stands for all of its kind."""
    share = f" ({len(complaints)} of {requests} requests)" if requests > 1 else ""
    return f"{check}: {complaints[0]}{share}."


def _expect_status(statuses: Sequence[int], reply: Reply) -> Complaint | None:
    if reply.status in statuses:
        return None
    return f"expected status {' or '.join(map(str, statuses))}, got {reply.status} {reply.excerpt()}"


def _expect_pattern(pattern: re.Pattern[str], reply: Reply) -> Complaint | None:
    if pattern.search(reply.body):
        return None
    return f"expected a body that matches {pattern.pattern}, got status {reply.status} {reply.excerpt()}"


def _expect_value(path: str, value: Any, reply: Reply) -> Complaint | None:
    expected = f"expected JSON value {path} to be {json.dumps(value)}"
    try:
        found = reply.value(path)
    except LookupError as error:
        return f"{expected}, got {error} {reply.excerpt()}"
    return None if found == value else f"{expected}, got {json.dumps(found)}"


def _expect_speed(max_ms: int, reply: Reply) -> Complaint | None:
    if reply.milliseconds <= max_ms:
        return None
    return f"expected an answer within {max_ms} ms, got it after {reply.milliseconds:.0f} ms"


def _expect_release(mark: Mark, release: str | None, reply: Reply) -> Complaint | None:
    found = mark.read(reply)
    return None if found == release else f"expected release {release} in {mark}, got {_said(found, reply)}"


def _expect_instance(mark: Mark, reply: Reply) -> Complaint | None:
    found = mark.read(reply)
    return None if found is not None else f"expected an instance in {mark}, got {_said(found, reply)}"


def _said(found: str | None, reply: Reply) -> str:
    return found if found is not None else f"none (status {reply.status} {reply.excerpt()})"
