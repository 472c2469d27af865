# SPDX-License-Identifier: GPL-3.0-or-later
"""What the past answers, or leaves to the present."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from switchyard_lab.api import stale
from switchyard_lab.api.stale import Stale
from switchyard_lab.calls.request import Request

WRITE, READ = (Request("elbv2", name, {}, b"") for name in ("ModifyRule", "DescribeRules"))
LATE = 0.5


class Application:
    """Its state, by which it is answered: ``fails`` raises, ``hangs`` does not answer."""

    def __init__(self) -> None:
        self.state = "200 OK"

    def __call__(self, environ: dict[str, Any], start: Callable[[str, list[Any]], Any]) -> Iterator[bytes]:
        if self.state == "fails":
            raise NotImplementedError
        if self.state == "hangs":
            time.sleep(LATE)
        start(self.state, [])
        yield str(environ["PATH_INFO"]).encode()


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def past(application: Application) -> Iterator[Stale]:
    with closing(Stale(application)) as kept:
        kept.lag(60)
        yield kept


def asked(past: Stale, request: Request, path: str = "/") -> bytes | None:
    """What the past answers to the first of two calls, of which the second is the present's."""
    answers = [past.answer(request, {"PATH_INFO": path, "wsgi.input": io.BytesIO()}) for _call in range(2)]
    assert answers[1] is None
    return answers[0].body if answers[0] else None


@pytest.mark.parametrize("request_", [WRITE, READ], ids=["write", "read"])
def test_what_fails_in_the_past_is_left_to_the_present_at_once(
    application: Application, past: Stale, request_: Request
) -> None:
    application.state = "fails"
    past.remember(WRITE)
    began = time.monotonic()
    for _again in range(3):
        assert asked(past, request_) is None
    assert time.monotonic() - began < stale.PATIENCE_SECONDS


def test_a_write_is_only_refused_in_the_past(application: Application, past: Stale) -> None:
    past.remember(WRITE)
    assert asked(past, WRITE) is None
    assert asked(past, READ, "/read") == b"/read"
    application.state = "400 Bad Request"
    past.close()
    past.remember(WRITE)
    assert asked(past, WRITE, "/write") == b"/write"


def test_a_past_that_is_late_answers_nobody_else(
    application: Application, past: Stale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stale, "PATIENCE_SECONDS", 0.1)
    application.state = "hangs"
    past.remember(WRITE)
    assert asked(past, READ, "/first") is None
    assert past.pids == []
    time.sleep(LATE)
    assert asked(past, READ, "/second") is None
