# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a run as data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.export import (
    check_keys,
    facts,
    facts_in_short,
    key_of,
    not_begun,
    unplanned,
)


@pytest.mark.parametrize(
    ("service", "key"),
    [("web", "web"), ("web-shop.eu", "web_shop_eu"), ("7 days", "7_days"), ("café", "caf_")],
)
def test_each_service_has_a_key_that_can_be_a_variable(service: str, key: str) -> None:
    assert key_of(service) == f"bluegreen_outcome_{key}"
    assert key_of(service).isidentifier()


def test_two_services_with_one_key_are_refused() -> None:
    check_keys(["web-shop", "web", "web-shop"])
    with pytest.raises(BluegreenError, match=r"The outcomes of web-shop and web\.shop would have the same name"):
        check_keys(["web-shop", "web", "web.shop"])


def environment(image_id: str | None, retain_until: str | None = None) -> dict[str, Any]:
    group = f"web-{image_id}" if image_id else None
    shown = {"group": group, "image_id": image_id, "release": image_id, "user_data_sha256": ""}
    return {**shown, "retain_until": retain_until}


def test_an_outcome_says_what_came_of_what_and_how_to_undo_it() -> None:
    plan = {
        "began": 100.0,
        "service": {"stable": "blue", "environments": {"blue": environment("ami-old")}},
        "wanted": {"image_id": "ami-new", "release": "", "user_data": ""},
    }
    after = {"candidate": "blue", "environments": {"blue": environment("ami-old", "2026-01-06T13:00:00+00:00")}}
    assert facts(plan, after, None, 142.04) == {
        "from": {"image_id": "ami-old", "release": "ami-old"},
        "to": {"image_id": "ami-new", "release": None},
        "image": None,
        "seconds": 42.0,
        "reason": None,
        "previous_image_id": "ami-old",
        "undo_until": "2026-01-06T13:00:00+00:00",
    }
    empty = {"candidate": "blue", "environments": {"blue": environment(None)}}
    for stands in (empty, None):
        found = facts(plan, stands, {"reason": "An alarm rings."}, 100.0)
        assert (found["previous_image_id"], found["undo_until"], found["reason"]) == (None, None, "An alarm rings.")
    waits = {"candidate": "green", "environments": {"green": environment("ami-new")}}
    assert facts(plan, waits, None, 100.0)["previous_image_id"] is None, "what is still to come cannot be undone"


def test_so_does_that_of_a_roll_and_of_a_rollback() -> None:
    old, new = Version("ami-old", "1.0.0"), Version("ami-new", "1.1.0")
    rolled = Outcome("r", "roll", "kim", 100, 160, "succeeded", old, new)
    assert facts_in_short(rolled) == {
        "from": {"image_id": "ami-old", "release": "1.0.0"},
        "to": {"image_id": "ami-new", "release": "1.1.0"},
        "seconds": 60,
        "reason": None,
        "previous_image_id": "ami-old",
        "undo_until": None,
    }
    failed = facts_in_short(replace(rolled, end_state="rolled_back", reason="It is slow."))
    assert (failed["previous_image_id"], failed["reason"]) == (None, "It is slow.")
    back = facts_in_short(replace(rolled, doing="rollback", end_state="rolled_back", before=new, to=old, restored=4))
    assert (back["from"]["release"], back["to"]["release"]) == ("1.1.0", "1.0.0")
    assert (back["rollback_seconds"], back["previous_image_id"]) == (4, None)


def test_a_run_without_a_plan_says_what_has_become_of_the_service() -> None:
    shares = {"blue": {"weight": 100}, "green": {"weight": 0}}
    after = {"stable": "blue", "weights": {"b": 100, "g": 0}, "environments": shares}
    assert unplanned("web", {"end_state": "rolled_back"}, after) == {
        "end_state": "rolled_back",
        "stable": "blue",
        "weights": {"b": 100, "g": 0},
        "message": "web was rolled back; blue has all traffic.",
    }
    failed = unplanned("web", {"end_state": "halted", "message": "AWS does not answer."}, None)
    assert (failed["message"], failed["stable"], failed["weights"]) == ("AWS does not answer.", None, None)
    assert unplanned("web", {"end_state": "rolled_back"}, after, check_mode=True)["end_state"] == "checked"


def test_what_has_nothing_to_do_with_the_traffic_has_a_sentence_of_its_own() -> None:
    frozen = {"end_state": "succeeded", "message": "web is frozen."}
    assert unplanned("web", frozen, None)["message"] == "web is frozen."
    looked = unplanned("web", frozen, None, check_mode=True)
    assert (looked["end_state"], looked["message"]) == ("checked", "web was read in check mode.")
    refused = {"end_state": "refused", "message": "There is no reason."}
    assert unplanned("web", refused, None, check_mode=True)["end_state"] == "refused"


def test_services_of_later_batches_are_not_begun_after_one_that_failed() -> None:
    assert not_begun({"end_state": "succeeded"}, "web", ["my-shop.example"]) == {}
    (stays,) = not_begun({"end_state": "succeeded"}, "web", ["shop"], failed=True).values()
    assert stays["message"] == "shop was not begun: web, in a batch before it, has failed after its release."
    (found,) = not_begun({"end_state": "halted"}, "web", ["my-shop.example"]).items()
    said = "my-shop.example was not begun: web, in a batch before it, has ended halted."
    outcome = {"service": "my-shop.example", "end_state": "refused", "message": said}
    assert found == ("bluegreen_outcome_my_shop_example", outcome)


@pytest.mark.parametrize(
    ("rolled", "unfinished", "state", "said"),
    [
        ({"returned": True, "msg": ""}, "", "rolled_back", "every instance has the previous image. It is slow."),
        ({"returned": False, "msg": "It is over."}, "", "halted", "was not rolled back: It is over. It is slow."),
        ({"skipped": True}, "", "halted", "The roll of web could not be started: It is slow. Check"),
        ({}, "AWS refused.", "halted", "Failed: It is slow. Then: AWS refused. Run status.yml"),
    ],
)
def test_a_roll_that_failed_says_whether_it_was_taken_back(
    rolled: dict[str, Any], unfinished: str, state: str, said: str
) -> None:
    outcome = unplanned("web", {"reason": "It is slow.", "rolled": rolled, "unfinished": unfinished}, None)
    assert (outcome["end_state"], said in outcome["message"]) == (state, True), outcome["message"]
