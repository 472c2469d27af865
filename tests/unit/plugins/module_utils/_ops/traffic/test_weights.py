# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.base.leased import LeaseOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.traffic.weights import ListenerWeightsOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError, hold
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.traffic.weights import listener_weights
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.traffic.routes import BLUE, GREEN, PREFIX, forwarding
from tests.unit.plugins.module_utils._ops.lease.tags import ARN, Tags

LISTENERS = [f"{PREFIX}:listener/app/web/0/{n}" for n in range(3)]


class Listeners:
    """Stands for ELBv2, and refuses the writes that are numbered, from 0."""

    def __init__(self, refused: Sequence[int]) -> None:
        self.actions = {arn: forwarding({BLUE: 100, GREEN: 0}) for arn in LISTENERS}
        self.refused, self.writes = refused, 0
        self.meanwhile: Callable[[], None] = lambda: None  # what somebody else does before a write is refused

    def describe_listeners(self, ListenerArns: list[str]) -> dict[str, Any]:  # noqa: N803
        return {"Listeners": [{"ListenerArn": arn, "DefaultActions": self.actions[arn]} for arn in ListenerArns]}

    def modify_listener(self, ListenerArn: str, DefaultActions: list[dict[str, Any]]) -> None:  # noqa: N803
        self.writes += 1
        if self.writes - 1 in self.refused:
            self.meanwhile()
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ModifyListener")
        self.actions[ListenerArn] = DefaultActions

    def share_of_green(self) -> list[int]:
        return [actions[0]["ForwardConfig"]["TargetGroups"][1]["Weight"] for actions in self.actions.values()]


def shift(listeners: Listeners) -> str:
    """The sentence of a shift to green that fails."""
    options = ListenerWeightsOptions(routes=LISTENERS, weights={BLUE: 0, GREEN: 100})
    with pytest.raises(BluegreenError) as caught:
        listener_weights(options, Run(client=lambda _service: listeners))
    return str(caught.value)


def test_routes_changed_before_one_that_is_refused_are_put_back() -> None:
    listeners = Listeners(refused=[2])
    assert "Every route changed before it was put back." in shift(listeners)
    assert listeners.share_of_green() == [0, 0, 0]


def test_a_first_route_that_is_refused_leaves_nothing_to_put_back() -> None:
    listeners = Listeners(refused=[0])
    assert "put back" not in shift(listeners)
    assert listeners.writes == 1


def test_a_route_that_cannot_be_put_back_is_named_and_the_others_are_put_back() -> None:
    listeners = Listeners(refused=[2, 3])
    said = shift(listeners)
    assert f"could be put back: {LISTENERS[1]} splits web-blue 0 %, web-green 100 % now (AWS refused" in said
    assert listeners.share_of_green() == [0, 100, 0]


def test_what_somebody_else_has_written_since_is_not_put_back() -> None:
    """As a rollback does while AWS throttles the write of the last route."""
    listeners = Listeners(refused=[2])
    listeners.meanwhile = lambda: listeners.actions.update({LISTENERS[0]: forwarding({BLUE: 70, GREEN: 30})})
    said = shift(listeners)
    assert listeners.share_of_green() == [30, 0, 0]
    assert f"could be put back: {LISTENERS[0]} was given web-green 100 % but splits web-blue 70 %" in said


class Stolen(Listeners, Tags):
    """Another run takes the lease right after the routes were read."""

    def __init__(self, mine: Claim) -> None:
        Listeners.__init__(self, refused=[])
        Tags.__init__(self, mine)
        self.other = replace(mine, run="other", by="somebody", fence=mine.fence + 1)

    def describe_listeners(self, **asked: Any) -> dict[str, Any]:
        self.tags[self.other.key] = self.other.text()
        return super().describe_listeners(**asked)


def shift_under_a_lease(listeners: Listeners, mine: Claim, clock: FakeClock, **given: Any) -> None:
    lease = LeaseOptions(service="web", target_groups=[ARN], claim=mine.as_data(), seconds=90)
    options = ListenerWeightsOptions(routes=LISTENERS, weights={BLUE: 0, GREEN: 100}, lease=lease, **given)
    run = Run(client=lambda _service: listeners, clock=clock)
    hold(options, run)
    listener_weights(options, run)


def claim(clock: FakeClock) -> Claim:
    return Claim.new("mine", "deploy", "me", "", clock.now())


def test_whoever_loses_the_lease_right_before_the_write_moves_no_traffic() -> None:
    clock = FakeClock()
    mine = claim(clock)
    listeners = Stolen(mine)
    with pytest.raises(LostLeaseError, match="somebody is changing web"):
        shift_under_a_lease(listeners, mine, clock)
    assert listeners.writes == 0


def test_whoever_finds_other_weights_because_it_has_lost_the_lease_names_the_run_that_has_it() -> None:
    clock = FakeClock()
    mine = claim(clock)
    with pytest.raises(LostLeaseError, match="somebody is changing web") as caught:
        shift_under_a_lease(Stolen(mine), mine, clock, expected={BLUE: 90, GREEN: 10})
    assert caught.value.facts["other_run"] == "other"


def test_whoever_finds_other_weights_and_has_the_lease_is_refused_for_them() -> None:
    clock = FakeClock()
    mine = claim(clock)
    with pytest.raises(BluegreenError, match="somebody else changed it"):
        shift_under_a_lease(Slow(mine, clock, seconds=0), mine, clock, expected={BLUE: 90, GREEN: 10})


class Slow(Listeners, Tags):
    """Each write takes its time. During the first one, another run may take the lease."""

    def __init__(self, mine: Claim, clock: FakeClock, seconds: float) -> None:
        Listeners.__init__(self, refused=[])
        Tags.__init__(self, mine)
        self.clock, self.seconds = clock, seconds
        self.other: Claim | None = None
        self.looks = 0

    def describe_tags(self, **asked: Any) -> dict[str, Any]:
        self.looks += 1
        return super().describe_tags(**asked)

    def modify_listener(self, **asked: Any) -> None:
        self.clock.time += self.seconds
        super().modify_listener(**asked)
        if self.other:
            self.tags[self.other.key] = self.other.text()


def test_whoever_loses_the_lease_between_two_writes_moves_no_other_route() -> None:
    clock = FakeClock()
    mine = claim(clock)
    listeners = Slow(mine, clock, seconds=4.5)
    listeners.other = replace(mine, run="other", by="somebody", fence=mine.fence + 1)
    with pytest.raises(LostLeaseError, match="somebody is changing web"):
        shift_under_a_lease(listeners, mine, clock)
    assert listeners.share_of_green() == [100, 0, 0]


def test_writes_that_follow_each_other_closely_read_the_lease_once() -> None:
    clock = FakeClock()
    mine = claim(clock)
    listeners = Slow(mine, clock, seconds=0.1)
    shift_under_a_lease(listeners, mine, clock)
    assert listeners.share_of_green() == [100, 100, 100]
    assert listeners.looks == 1
