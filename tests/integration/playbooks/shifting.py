# SPDX-License-Identifier: GPL-3.0-or-later
"""A release of the sample service in the middle of its work: its traffic is split, it bakes, or it asks a person."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from switchyard_lab.scene import eventually, forward
from tests.playing import Played, Run
from tests.plays import forked
from tests.sample import Sample

from .interrupting import LONG, PATIENCE, weight_of_green

STEPS = [{"weight": 10, "bake_seconds": LONG}, {"weight": 100, "bake_seconds": 0}]


def shift_by_hand(sample: Sample, *, green: int) -> None:
    """Give green this percent of the traffic, and blue the rest."""
    weigh_by_hand(sample, blue=100 - green, green=green)


def weigh_by_hand(sample: Sample, **by_color: int) -> None:
    elbv2, (route,) = sample.lab.client("elbv2"), sample.definition["bluegreen_routes"]
    names = sample.definition["bluegreen_target_groups"]
    weights = {names[color]: weight for color, weight in by_color.items()}
    found = elbv2.describe_target_groups(Names=list(weights))["TargetGroups"]
    split = {each["TargetGroupArn"]: weights[each["TargetGroupName"]] for each in found}
    elbv2.modify_listener(ListenerArn=route, DefaultActions=[forward(split)])


def signed(name: str) -> Run:
    """Plays whose calls carry a name (botocore's setting user_agent_appid)."""
    return lambda arguments, environment, timeout: forked(
        arguments, {**environment, "AWS_SDK_UA_APP_ID": name}, timeout
    )


@contextmanager
def baking(sample: Sample, good: dict[str, Any]) -> Iterator[Future[Played]]:
    """A deploy that bakes at 10 %. Its calls carry the name "first"."""
    with ThreadPoolExecutor(1) as pool:
        deploy = pool.submit(
            Sample(sample.lab, run=signed("first")).open, "deploy", **good | {"bluegreen_strategy": STEPS}
        )
        eventually(lambda: deploy.done() or weight_of_green(sample) == 10, bool, seconds=PATIENCE)
        assert not deploy.done(), deploy.result().messages
        yield deploy


def approvals_asked(sample: Sample) -> list[str]:
    """The tags with which releases ask for an approval."""
    groups = sample.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return [tag["Value"] for group in groups for tag in group["Tags"] if tag["Key"] == "bluegreen:approval"]
