# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks: what is expected of an answer, and what is found where one is not as expected."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..base.errors import BluegreenError
from ..base.texts import is_unicode
from ..base.urls import path_problem
from .replies import AnswerMark, Reply
from .sent import without_query

Complaint = str  # "expected …, got …"
Expectation = Callable[[Reply], "Complaint | None"]

TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # a method, or the name of a header (RFC 9110, section 5.6.2)
MOST_REPETITIONS = 10_000
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Check:
    """One request, and what its answer must be like; no ``statuses`` means that any is accepted."""

    path: str = "/"
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    statuses: Sequence[int] = ()
    body_pattern: re.Pattern[str] | None = None
    json: Mapping[str, Any] = field(default_factory=dict)
    max_ms: int | None = None
    max_body_bytes: int = MEBIBYTE
    repetitions: int = 1
    name: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Check:
        """From the module's options. What HTTP cannot carry is an error before the first request, which quotes nothing
        that may be secret."""
        if problem := path_problem(given["path"]):
            raise BluegreenError(f"path: {problem}")
        method = given["method"].upper()
        if not TOKEN.fullmatch(method):
            raise BluegreenError("method is not the name of an HTTP method, such as GET.")
        if not 1 <= given["repetitions"] <= MOST_REPETITIONS:
            raise BluegreenError(
                f"repetitions of a check are 1 or more, and at most {MOST_REPETITIONS}; given: {given['repetitions']}."
            )
        if given["max_body_bytes"] < 1:
            raise BluegreenError("max_body_bytes is 1 or more.")
        if given["body"] is not None and not is_unicode(given["body"]):
            raise BluegreenError("body has characters that UTF-8 cannot carry.")
        return cls(
            path=given["path"],
            method=method,
            headers=parse_headers(given["headers"]),
            body=given["body"],
            statuses=given["status"],
            body_pattern=_pattern(given["body_pattern"]),
            json=given["json"] or {},
            max_ms=given["max_ms"],
            max_body_bytes=given["max_body_bytes"],
            repetitions=given["repetitions"],
            name=given["name"],
        )

    @property
    def of_any_answer(self) -> Check:
        """The same request, whose answer only has to come."""
        return replace(self, statuses=(), body_pattern=None, json={}, max_ms=None)

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
        request = f"{self.method} {without_query(self.path)}"
        return f"{self.name} ({request})" if self.name else request


@dataclass(frozen=True)
class CandidateIdentity:
    """What the candidate's answers state about themselves; what was not requested is None.

    With ``others`` the route leads elsewhere too, so that other instances may answer. ``left`` and ``joined`` are the
    instances that have left the group, or are in it now, so that they need not, or may, answer as well.
    """

    release: str | None = None
    release_mark: AnswerMark | None = None
    instances: Sequence[str] = ()
    instance_mark: AnswerMark | None = None
    others: bool = False
    left: Collection[str] = ()
    joined: Collection[str] = ()

    def expectations(self) -> list[Expectation]:
        expected: list[Expectation] = []
        if self.release_mark:
            expected.append(partial(_expect_release, self.release_mark, self.release))
        if self.instance_mark:
            expected.append(partial(_expect_instance, self.instance_mark))
        return expected

    @property
    def all_left(self) -> bool:
        return bool(self.instances) and all(instance in self.left for instance in self.instances)

    def silent(self, seen: Sequence[str]) -> list[str]:
        """The expected instances that did not answer. Those that have left need not, unless all of them have."""
        excused = () if self.all_left else self.left
        return [instance for instance in self.instances if instance not in seen and instance not in excused]

    def find_strangers(self, seen: Sequence[str]) -> list[str]:
        expected = ", ".join(self.instances) or "none"
        return [
            f"Instance {name} answered, which is not one of the expected: {expected}."
            for name in seen
            if name not in self.instances and name not in self.joined and not self.others
        ]


@dataclass(frozen=True)
class Judged:
    """What is kept of a reply, whose body may be large. ``complaints``: one or None for each expectation, those of the
    identity after those of the check."""

    milliseconds: float
    error: str | None
    final: bool
    instance: str | None
    complaints: Sequence[Complaint | None]
    confirmed: bool


def judge(check: Check, identity: CandidateIdentity, reply: Reply) -> Judged:
    """``confirmed``: the candidate has answered, whatever the check expects of the answer."""
    if reply.error is not None:
        return Judged(reply.milliseconds, reply.error, reply.final, None, (), confirmed=False)
    mark = identity.instance_mark
    of_identity = [expect(reply) for expect in identity.expectations()]
    complaints = [*(expect(reply) for expect in check.expectations()), *of_identity]
    instance = mark.read(reply) if mark else None
    return Judged(reply.milliseconds, None, False, instance, complaints, confirmed=not any(of_identity))


def seen(judged: Iterable[Judged]) -> list[str]:
    """The instances that answered."""
    return sorted({each.instance for each in judged if each.instance is not None})


def parse_headers(given: Mapping[str, Any] | None) -> dict[str, str]:
    """HTTP cannot carry every name and value. No error quotes one. What YAML makes of yes, or of 1.10, would be sent as
    True and as 1.1."""
    headers = {}
    for name, value in (given or {}).items():
        if not TOKEN.fullmatch(str(name)):
            raise BluegreenError("headers: A name in it is not that of a header, such as Authorization.")
        if value is None or isinstance(value, Mapping | list):
            raise BluegreenError(f"headers: The value of {name} is not text.")
        if isinstance(value, bool | float):
            raise BluegreenError(
                f"headers: The value of {name} is not text: YAML reads it otherwise. Write it in quotes."
            )
        if not _is_carried(str(value)):
            raise BluegreenError(f"headers: The value of {name} has a line break or a character that no header has.")
        headers[str(name)] = str(value)
    return headers


def find_failures(check: Check, judged: Sequence[Judged]) -> list[str]:
    """A sentence for each expectation that one or more of the replies did not meet."""
    lost = [f"expected an answer, got none: {each.error}" for each in judged if each.error is not None]
    by_expectation = zip(*(each.complaints for each in judged if each.error is None), strict=True)
    unmet = [[complaint for complaint in complaints if complaint] for complaints in by_expectation]
    return [_sentence(check, complaints, len(judged)) for complaints in (lost, *unmet) if complaints]


def _sentence(check: Check, complaints: Sequence[Complaint], requests: int) -> str:
    """The first complaint stands for all of its kind."""
    share = f" ({len(complaints)} of {requests} requests)" if requests > 1 else ""
    return f"{check}: {complaints[0].rstrip('.')}{share}."


def _pattern(given: str | None) -> re.Pattern[str] | None:
    if given is None:
        return None
    try:
        return re.compile(given)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raise BluegreenError(f"body_pattern {given[:80]} is not a regular expression: {error}.") from None


def _is_carried(value: str) -> bool:
    """Whether http.client sends it (RFC 9110, section 5.5; http.client encodes headers as ISO 8859-1)."""
    return all(each == "\t" or ("\x20" <= each <= "\xff" and each != "\x7f") for each in value)


def _expect_status(statuses: Sequence[int], reply: Reply) -> Complaint | None:
    if reply.status in statuses:
        return None
    return f"expected status {' or '.join(map(str, statuses))}, got {reply.status} {reply.excerpt()}"


def _expect_pattern(pattern: re.Pattern[str], reply: Reply) -> Complaint | None:
    if pattern.search(reply.body):
        return None
    return f"expected a body that matches {pattern.pattern}, got status {reply.status} {reply.excerpt()}"


def _expect_value(path: str, value: Any, reply: Reply) -> Complaint | None:
    expected = f"expected JSON value {path} to be {json.dumps(value, default=str)}"
    try:
        found = reply.value(path)
    except LookupError as error:
        return f"{expected}, got {error} {reply.excerpt()}"
    return None if found == value else f"{expected}, got {reply.shown(_as_json(found))}"


def _as_json(found: Any) -> str:
    try:
        return json.dumps(found)
    except RecursionError:
        return "a value that is nested too deeply"


def _expect_speed(max_ms: int, reply: Reply) -> Complaint | None:
    if reply.milliseconds <= max_ms:
        return None
    return f"expected an answer within {max_ms} ms, got it after {reply.milliseconds:.0f} ms"


def _expect_release(mark: AnswerMark, release: str | None, reply: Reply) -> Complaint | None:
    found = mark.read(reply)
    return None if found == release else f"expected release {release} in {mark}, got {_said(found, reply)}"


def _expect_instance(mark: AnswerMark, reply: Reply) -> Complaint | None:
    found = mark.read(reply)
    return None if found is not None else f"expected an instance in {mark}, got {_said(found, reply)}"


def _said(found: str | None, reply: Reply) -> str:
    return reply.shown(found) if found is not None else f"none (status {reply.status} {reply.excerpt()})"
