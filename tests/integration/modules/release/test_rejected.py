# SPDX-License-Identifier: GPL-3.0-or-later
"""A candidate that was returned gets traffic again only when a user sets so, or when it is deployed again."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Plan
from ..pair import Pair


@pytest.fixture
def release(ask: Ask, scene: Scene) -> dict[str, Any]:
    """Green is a candidate that was rejected."""
    pair = Pair(scene)
    listener = pair.listener()
    pair.healthy()
    pair.declare_stable()
    ask("environment_mark", group=pair.groups[1], mark="rejected", value="Alarm web-green-5xx rang.")
    return {**pair.definition, "routes": [listener], "image_id": ""}


def test_swap_refuses_it_and_an_override_lets_it_pass(plan: Plan, release: dict[str, Any]) -> None:
    asked = {**release, "stages": ["swap"]}
    refused = plan(**asked)
    assert refused["failed"]
    assert "was rejected at 20" in refused["msg"]
    assert "Alarm web-green-5xx rang. Deploy a fixed image" in refused["msg"]
    for gates in ("hotfix", {"reason": "hotfix", "allow": ["freeze"]}):
        assert plan(**asked, override=gates)["failed"]
    assert not plan(**asked, override={"reason": "false alarm", "allow": ["rejected"]}).get("failed")


def test_a_deploy_tries_it_again_and_says_so(ask: Ask, plan: Plan, release: dict[str, Any]) -> None:
    service = ask("service_info", **{key: release[key] for key in ("service", "routes", "target_groups")})["service"]
    image = service["environments"]["green"]["image_id"]
    assert service["environments"]["green"]["rejected"]["reason"] == "Alarm web-green-5xx rang."
    planned = plan(**{**release, "image_id": image})
    assert not planned.get("failed"), planned["msg"]
    assert "Alarm web-green-5xx rang. It is tried again." in planned["msg"]


def test_a_malformed_override_is_refused(plan: Plan, release: dict[str, Any]) -> None:
    refused = plan(**release, stages=["swap"], override={"reason": "x", "allow": ["everything"]})
    assert "bluegreen_override is" in refused["msg"]
    assert "was rejected" in refused["msg"]
