# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from switchyard_lab.api.tokens import Tokens
from switchyard_lab.calls.faults import EXPIRED


def test_a_temporary_key_expires_and_its_successor_begins_anew() -> None:
    tokens = Tokens(seconds=60)
    assert [tokens.refuse("one", now, temporary=True) is None for now in (0, 59)] == [True, True]
    fault = tokens.refuse("one", 60, temporary=True)
    assert fault
    assert fault.error == EXPIRED
    assert tokens.refuse("two", 60, temporary=True) is None


def test_keys_of_a_user_do_not_expire() -> None:
    assert [Tokens(seconds=60).refuse("lab", now, temporary=False) for now in (0, 1000)] == [None, None]


def test_without_a_limit_nothing_expires() -> None:
    tokens = Tokens(seconds=0)
    assert [tokens.refuse("one", now, temporary=True) for now in (0, 1000)] == [None, None]
