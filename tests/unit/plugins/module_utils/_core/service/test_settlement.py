# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.settlement import (
    Settlement,
    lacking_claim,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef"


def test_the_old_environment_is_retained_up_to_the_deadline() -> None:
    before = Settlement("blue", {"blue": None, "green": None}, {})
    assert before.settled("green", LATER) == Settlement("green", {"blue": LATER, "green": None}, {})


def test_a_deadline_that_runs_is_not_put_off() -> None:
    settled = Settlement("green", {"blue": NOW, "green": None}, {})
    assert settled.settled("green", LATER) == settled


@pytest.mark.parametrize("deadline", [LATER, None])
def test_a_deadline_on_what_is_stable_until_now_was_left_by_a_run_that_died(deadline: datetime | None) -> None:
    before = Settlement("blue", {"blue": NOW, "green": None}, {})
    assert before.settled("green", deadline) == Settlement("green", {"blue": deadline, "green": None}, {})


def test_what_is_stable_is_no_longer_retained() -> None:
    before = Settlement("green", {"blue": NOW, "green": None}, {})
    assert before.settled("blue", None) == Settlement("blue", {"blue": None, "green": None}, {})


def test_nothing_declared_is_shown_as_null() -> None:
    assert Settlement("", {"blue": None, "green": NOW}, {}).as_data() == {
        "stable": None,
        "retain_until": {"blue": None, "green": "2026-11-23T12:00:00+00:00"},
    }


def test_all_is_claimed_once_it_is_settled() -> None:
    before = Settlement("blue", {"blue": None, "green": None}, {"web-asg": {"bluegreen:service": "web"}})
    assert before.settled("blue", None) == Settlement("blue", {"blue": None, "green": None}, {})


def test_a_claim_is_made_of_the_tags_that_are_missing() -> None:
    claim = {"bluegreen:service": "web", "bluegreen:color": "blue"}
    assert lacking_claim("web", "blue", ARN, {"team": "web"}) == claim
    assert lacking_claim("web", "blue", ARN, {"bluegreen:service": "web"}) == {"bluegreen:color": "blue"}
    assert lacking_claim("web", "blue", "web-asg", claim) == {}


@pytest.mark.parametrize("tags", [{"bluegreen:service": "search"}, {"bluegreen:color": "green"}])
def test_what_is_another_services_or_colors_is_not_claimed(tags: dict[str, str]) -> None:
    with pytest.raises(BluegreenError, match=r"web is tagged bluegreen:.* so it is not web's blue"):
        lacking_claim("web", "blue", ARN, tags)
