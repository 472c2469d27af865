# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.settlement import Settlement

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def test_the_old_environment_is_retained_up_to_the_deadline() -> None:
    before = Settlement("blue", {"blue": None, "green": None})
    assert before.settled("green", LATER) == Settlement("green", {"blue": LATER, "green": None})


def test_a_deadline_that_runs_is_not_put_off() -> None:
    settled = Settlement("green", {"blue": NOW, "green": None})
    assert settled.settled("green", LATER) == settled


def test_what_is_stable_is_no_longer_retained() -> None:
    before = Settlement("green", {"blue": NOW, "green": None})
    assert before.settled("blue", None) == Settlement("blue", {"blue": None, "green": None})


def test_nothing_declared_is_shown_as_null() -> None:
    assert Settlement("", {"blue": None, "green": NOW}).shown() == {
        "stable": None,
        "retain_until": {"blue": None, "green": "2026-11-23T12:00:00+00:00"},
    }
