# SPDX-License-Identifier: GPL-3.0-or-later
"""How runs have ended is kept in tags of the service's target groups."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, forward
from tests.integration.conftest import Ask

from ..conftest import Made


def end(ask: Ask, definition: dict[str, Any], run: str, state: str = "rolled_back", **more: Any) -> dict[str, Any]:
    service = {key: definition[key] for key in ("service", "target_groups")}
    lease = ask("lease", **service, run=run, doing="rollback", by=f"job {run}")["lease"]
    ended = {"end_state": state, "definition": definition, "message": "It is over."}
    return ask("outcome", service=definition["service"], ended=ended, lease=lease, **more)


def outcomes(ask: Ask, definition: dict[str, Any]) -> list[dict[str, Any]]:
    return list(ask("service_info", **definition, gather=["routes"])["service"]["outcomes"])


def test_an_end_is_kept_by_one_call_before_the_lease_is_given_back(
    ask: Ask, definition: dict[str, Any], made: Made
) -> None:
    assert outcomes(ask, definition) == []
    ended = end(ask, definition, "a")
    assert not ended["changed"]
    assert made("write")[-2:] == ["AddTags", "RemoveTags"]
    (kept,) = outcomes(ask, definition)
    assert {key: kept[key] for key in ("run", "doing", "by", "end_state")} == {
        "run": "a",
        "doing": "rollback",
        "by": "job a",
        "end_state": "rolled_back",
    }
    end(ask, definition, "b", "halted")
    assert [each["run"] for each in outcomes(ask, definition)] == ["b", "a"]


@pytest.mark.parametrize("state", ["unchanged", "refused"])
def test_what_changed_nothing_is_not_kept(ask: Ask, definition: dict[str, Any], state: str) -> None:
    end(ask, definition, "a", state)
    assert outcomes(ask, definition) == []


def test_the_end_of_a_rollback_is_told_of_the_environment_that_a_person_says_is_stable(
    ask: Ask, definition: dict[str, Any], scene: Scene
) -> None:
    """The tags were lost, and the traffic is split."""
    blue, green = definition["target_groups"].values()
    split = [forward({blue: 90, green: 10})]
    scene.elbv2.modify_listener(ListenerArn=definition["routes"][0], DefaultActions=split)
    ended = end(ask, {**definition, "stable": "blue"}, "a", "halted")
    assert (ended["stable"], ended["weights"]) == ("blue", {blue: 90, green: 10})


def test_who_has_lost_the_lease_keeps_nothing(ask: Ask, definition: dict[str, Any], made: Made) -> None:
    service = {key: definition[key] for key in ("service", "target_groups")}
    lease = ask("lease", **service, run="a", doing="deploy")["lease"]
    ask("lease", **service, run="b", doing="repair", override={"reason": "it hangs", "allow": ["lease"]})
    made()
    ask("outcome", service=definition["service"], ended={"end_state": "halted", "definition": definition}, lease=lease)
    assert made("write") == []
    assert outcomes(ask, definition) == []


@pytest.mark.parametrize("state", ["rolled_back", "halted"])
def test_a_rollback_that_took_no_lease_is_in_the_store_and_in_the_tags_by_one_name(
    ask: Ask, definition: dict[str, Any], store: str, state: str
) -> None:
    """Its candidate had no traffic, or no route could be read."""
    service = {key: definition[key] for key in ("service", "target_groups")}
    ended = {"end_state": state, "definition": {**definition, "store": store}, "message": "It is over."}
    asked = {"service": definition["service"], "ended": ended, "by": "kim"}
    assert ask("outcome", **asked)["warnings"] == []
    (stored,) = ask("history_info", **service, store=store)["runs"]
    assert (stored["by"], stored["doing"], stored["end_state"]) == ("kim", "rollback", state)
    assert [(each["run"], each["by"]) for each in outcomes(ask, definition)] == [(stored["run"], "kim")]
    assert ask("history_info", **service, store=store, run="latest")["record"]["message"] == "It is over."


def test_target_groups_without_room_for_more_tags_are_a_warning(
    ask: Ask, definition: dict[str, Any], scene: Scene
) -> None:
    arns = [route["weights"] for route in ask("service_info", **definition, gather=["routes"])["service"]["routes"]]
    tags = [{"Key": f"own-{number}", "Value": "x"} for number in range(49)]
    scene.lab.client("elbv2").add_tags(ResourceArns=list(arns[0]), Tags=tags)
    ended = end(ask, definition, "a")
    assert ended["end_state"] == "rolled_back"
    assert "TooManyTags" in str(ended["warnings"]), ended
