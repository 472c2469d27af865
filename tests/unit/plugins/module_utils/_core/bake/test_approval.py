# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.approval import Approval
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ASKED = Approval(10, NOW + timedelta(hours=1))


@pytest.mark.parametrize("approval", [ASKED, ASKED.given("web-green-v002", "Anna of the platform team", NOW)])
def test_a_tag_tells_it_all(approval: Approval) -> None:
    assert Approval.read(approval.tag()) == approval


@pytest.mark.parametrize("value", ["", "yes", "10", "10 soon", "10 2026-11-23T12:00:00", "ten 2026-11-23T12:00:00Z"])
def test_a_tag_that_nobody_asked_with_approves_nothing(value: str) -> None:
    assert Approval.read({"bluegreen:approval": value}) is None
    assert Approval.read({}) is None


def test_the_first_who_approves_is_named() -> None:
    given = ASKED.given("web-green-v002", "anna", NOW)
    assert given.given("web-green-v002", "bert", NOW).by == "anna"


def test_nobody_approves_what_waits_no_longer() -> None:
    with pytest.raises(BluegreenError, match="waited for approval at 10 % until 2026-11-23T13:00:00"):
        ASKED.given("web-green-v002", "anna", ASKED.until)
