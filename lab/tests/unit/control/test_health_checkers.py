# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checkers change their mind after as many looks in a row as the threshold says."""

from __future__ import annotations

import socket
from contextlib import closing

from switchyard_lab.control.health_checkers import Looks, answers


def test_an_endpoint_fails_after_the_threshold_and_recovers_after_it() -> None:
    looks, failing, seen = Looks(), False, []
    for passed in (False, False, True, False, False, False, True, True, True):
        failing = looks.note(passed, failing, 3)
        seen.append(failing)
    assert seen == [False] * 5 + [True] * 3 + [False]


def test_a_port_that_nobody_listens_on_does_not_answer() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as endpoint:
        host, port = endpoint.getsockname()
        assert answers("TCP", host, port, "/")
    assert not answers("TCP", host, port, "/")
    assert not answers("HTTP", host, port, "/")
