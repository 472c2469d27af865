# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a candidate whose release failed, or whose traffic was returned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.approval import Approval
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.capacity import Bounds
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.marks import Marks, Remark
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.previous import find_previous
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.rejection import (
    FailedCandidate,
    reject,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.group import Group
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.override import Override

from ..service import services
from ..traffic.routes import BLUE, GREEN

LATER = datetime(2026, 11, 28, 15, tzinfo=UTC)
REASON = "An alarm rang."
BUILT = {"builds": True, "group": "web-green-v002"}


def group(color: str, **fields: Any) -> Group:
    return services.group(color, **{"name": f"web-{color}-v002", "pinned": Bounds(1, 3), **fields})


def service(green: Group | None, *, healthy: bool = True) -> Service:
    """Settled on blue, or with a candidate in green that has no traffic."""
    settled = services.service([services.route({BLUE: 100, GREEN: 0})], green, live=group("blue"))
    return services.with_healthy(settled, blue=int(healthy), green=int(healthy))


OURS, THEIRS = group("green", marks=Marks(run="r1")), group("green", marks=Marks(run="r2"))
RETAINED = group("green", retain_until=LATER)


@pytest.mark.parametrize(
    ("candidate", "failed", "pinned", "marked"),
    [
        pytest.param(OURS, FailedCandidate(REASON, "r1"), ["blue", "green"], True, id="a run's own"),
        pytest.param(THEIRS, FailedCandidate(REASON, "r1"), [], False, id="that of another run"),
        pytest.param(THEIRS, FailedCandidate(REASON), ["blue", "green"], True, id="a person rejects anybody's"),
        pytest.param(OURS, FailedCandidate(), ["blue", "green"], False, id="nothing was returned"),
        pytest.param(RETAINED, FailedCandidate(REASON), ["blue"], False, id="what is retained is no candidate"),
        pytest.param(None, FailedCandidate(REASON, "r1"), ["blue"], False, id="no candidate"),
    ],
)
def test_pins_are_released_and_the_candidate_marked(
    candidate: Group | None, failed: FailedCandidate, pinned: list[str], marked: bool
) -> None:
    plan = reject(service(candidate), failed)
    assert [each.color for each in plan.pinned] == pinned
    assert (plan.marked is not None) is marked


def test_stable_needs_no_pin_though_a_run_that_died_has_left_it_a_deadline() -> None:
    left = services.with_group(service(RETAINED), "blue", retain_until=LATER)
    plan = reject(left, FailedCandidate(REASON))
    assert [each.color for each in plan.pinned] == ["blue"]


def test_nobody_is_asked_for_an_approval_any_more() -> None:
    asking = replace(OURS, approval=Approval(10, LATER))
    assert reject(service(asking), FailedCandidate(REASON, "r1")).asking == ["web-green-v002"]
    assert reject(service(asking), FailedCandidate(REASON, "r9")).asking == [], "another run may still wait"


@pytest.mark.parametrize(
    ("stage", "policy", "removed"),
    [
        (BUILT, "auto", {"served": False, "first": False, "group": "web-green-v002"}),
        (BUILT, "keep", None),
        (None, "auto", None),
        (None, "remove", {"served": True, "first": False, "group": "web-green-v002"}),
        ({"make": True, "group": "web-blue-v001"}, "auto", {"served": False, "first": True, "group": "web-blue-v001"}),
    ],
)
def test_what_never_came_up_is_removed_and_the_rest_as_a_person_wants(
    stage: dict[str, Any] | None, policy: str, removed: dict[str, Any] | None
) -> None:
    plan = reject(service(OURS), FailedCandidate(REASON, "r1", stage, policy))
    shown = plan.removal.as_data() if plan.removal else None
    assert (shown and {key: shown[key] for key in ("served", "first", "group")}) == removed
    assert (plan.marked is None) is (stage is not None and policy == "auto"), "what goes needs no mark"


@pytest.mark.parametrize(
    "attached",
    [
        {"LoadBalancerNames": ["intranet"]},
        {"TrafficSources": [{"Identifier": "arn:aws:vpc-lattice:…:targetgroup/tg-1", "Type": "vpc-lattice"}]},
    ],
)
def test_what_gets_requests_without_weights_is_drained_though_it_never_came_up(attached: dict[str, Any]) -> None:
    green = replace(OURS, described={"TargetGroupARNs": [], **attached})
    plan = reject(service(green), FailedCandidate(REASON, "r1", BUILT, "auto"))
    assert plan.removal is not None
    assert plan.removal.served


def test_there_is_a_previous_release_where_an_environment_is_retained() -> None:
    found = find_previous(service(RETAINED), Override())
    assert found is not None
    assert found.color == "green"
    assert find_previous(service(None), Override()) is None, "a single environment may have been rolled in place"
    with pytest.raises(BluegreenError, match="no target of web-green-v002 is healthy") as refusal:
        find_previous(service(RETAINED, healthy=False), Override())
    assert refusal.value.facts["refused"]
    empty = service(None)
    empty = replace(empty, environments={c: replace(each, group=None) for c, each in empty.environments.items()})
    with pytest.raises(BluegreenError, match="no previous environment is retained"):
        find_previous(empty, Override())


def test_what_a_hook_may_have_changed_is_no_previous_release_unless_a_person_says_so() -> None:
    hooked, begun = (replace(RETAINED, marks=Marks(leaving=Remark(why))) for why in ("hook ran", "It goes."))
    assert find_previous(service(begun), Override()), "its removal stops when it is declared stable"
    assert find_previous(service(hooked), Override("nothing was contracted", ("leaving",)))
    with pytest.raises(BluegreenError, match="Deploy its image again") as refusal:
        find_previous(service(hooked), Override())
    assert refusal.value.facts["refused"]
