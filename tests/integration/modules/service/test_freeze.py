# SPDX-License-Identifier: GPL-3.0-or-later
"""A freeze is kept with the service, and prevents a release."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan

REASON = "Stock-taking, until Monday!"
END = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")


def frozen(ask: Ask, definition: dict[str, Any]) -> Any:
    return ask("service_info", **definition, gather=["routes"])["service"]["frozen"]


def test_a_service_is_frozen_and_lifted_again(
    ask: Ask, definition: dict[str, Any], service: dict[str, Any], made: Made
) -> None:
    wanted = {"reason": REASON, "by": "the warehouse", "until": END}
    made()
    reported = ask("freeze", check=True, **service, **wanted)
    assert (reported["changed"], reported["diff"]["after"], made("write")) == (True, {"frozen": wanted}, [])
    result = ask("freeze", **service, **wanted)
    assert (result["changed"], result["frozen"], made("write")) == (True, wanted, ["AddTags"])
    assert frozen(ask, definition) == wanted
    assert not ask("freeze", **service, **wanted)["changed"]
    assert made("write") == []

    lifted = ask("freeze", **service, state="absent")
    assert (lifted["changed"], lifted["diff"]["before"]["frozen"], made("write")) == (True, wanted, ["RemoveTags"])
    assert frozen(ask, definition) is None
    assert not ask("freeze", **service, state="absent")["changed"]
    assert made("write") == []


def test_another_freeze_takes_the_place_of_the_first(
    ask: Ask, definition: dict[str, Any], service: dict[str, Any], made: Made
) -> None:
    ask("freeze", **service, reason="Stock-taking", until=END)
    made()
    ask("freeze", **service, reason="A leak", by="the plumber")
    assert made("write") == ["RemoveTags", "AddTags"], "the new reason never has the old end"
    assert frozen(ask, definition) == {"reason": "A leak", "by": "the plumber", "until": None}


def test_a_service_has_more_target_groups_than_one_call_reads_the_tags_of(ask: Ask, scene: Scene, made: Made) -> None:
    """Twenty (DescribeTags in the API reference)."""
    groups = {color: [scene.target_group() for _ in range(11)] for color in ("blue", "green")}
    made()
    assert ask("freeze", service="demo", target_groups=groups, reason=REASON)["changed"]
    assert not ask("freeze", service="demo", target_groups=groups, reason=REASON)["changed"]
    assert made("write") == ["AddTags"]


def test_a_freeze_without_a_reason_or_of_another_service_is_refused(
    ask: Ask, scene: Scene, service: dict[str, Any], made: Made
) -> None:
    owner = [{"Key": "bluegreen:service", "Value": "shop"}]
    scene.elbv2.add_tags(ResourceArns=list(service["target_groups"].values()), Tags=owner)
    made()
    assert "needs a reason" in ask("freeze", **service, reason="")["msg"]
    assert "belongs to service shop" in ask("freeze", **service, reason=REASON)["msg"]
    assert made("write") == []


def test_closed_gates_stand_against_a_release_unless_they_are_overridden(
    ask: Ask, plan: Plan, scene: Scene, definition: dict[str, Any], service: dict[str, Any]
) -> None:
    ask("freeze", **service, reason=REASON)
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    asked = {**definition, "image_id": scene.image(), "windows": [{"days": [day]}]}
    _nothing_runs, freeze, window = plan(**asked)["findings"]
    assert freeze == f"{service['service']} is frozen: {REASON}. Lift the freeze with unfreeze.yml."
    assert f"the next one opens on {day} " in window

    (other,) = plan(**asked, override="users cannot pay")["findings"]
    assert "has no Auto Scaling group" in other
    assert "Window 1: it has no day" in plan(**{**asked, "windows": [{"day": day}]})["msg"]
