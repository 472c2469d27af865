# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.traffic.weights import ListenerWeightsOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.traffic.weights import set_weights
from botocore.exceptions import ClientError

BLUE, GREEN = (f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-{c}/0" for c in ("blue", "green"))
LISTENERS = [f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0/{n}" for n in range(3)]


def forward(blue: int, green: int) -> list[dict[str, Any]]:
    groups = [{"TargetGroupArn": BLUE, "Weight": blue}, {"TargetGroupArn": GREEN, "Weight": green}]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


class Listeners:
    """Stands for ELBv2, and refuses the writes that are numbered, from 0."""

    def __init__(self, refused: Sequence[int]) -> None:
        self.actions = {arn: forward(blue=100, green=0) for arn in LISTENERS}
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
        set_weights(options, Run(client=lambda _service: listeners))
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
    listeners.meanwhile = lambda: listeners.actions.update({LISTENERS[0]: forward(blue=70, green=30)})
    said = shift(listeners)
    assert listeners.share_of_green() == [30, 0, 0]
    assert f"could be put back: {LISTENERS[0]} was given web-green 100 % but splits web-blue 70 %" in said
