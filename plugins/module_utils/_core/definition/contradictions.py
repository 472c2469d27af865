# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contradictions: variables that are fine by themselves, and not together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..bake.metrics import parse_metrics
from ..base.arns import is_application, regions_in
from ..refresh.preferences import MOST_ALARMS
from .finding import Finding
from .steps import find_lack_of_time, find_short_bakes
from .strategies import final_bake, lag_of, parse_strategy

Values = Mapping[str, Any]  # what was read, by the key of the variable

MINUTE = 60  # the shortest period of metrics that a load balancer reports
ROLLS = ("roll", "rollback")  # works that begin an instance refresh


def find_contradictions(values: Values, work: str) -> list[Finding]:
    """What concerns a roll alone is nothing to a release by blue and green."""
    finders = (_image, _routes, _region, _time, _bakes, _stickiness, _verification)
    found = [each for find in finders for each in find(values)]
    if work == "adopt":
        found += _adoption(values)
    if work in ROLLS:
        found += _percentages(values)
    if work == "roll":
        found += [each for find in (_hold, _wait, _protected, _alarms) for each in find(values)]
    return found


def _image(values: Values) -> list[Finding]:
    if not values["image"] or not values["image_id"]:
        return []
    return [
        Finding(
            "bluegreen_image",
            f"bluegreen_image_id is {values['image_id']}, and bluegreen_image is a rule that may find another image. "
            "Set only one of them; -e bluegreen_image= leaves the rule out for one run.",
        )
    ]


def _routes(values: Values) -> list[Finding]:
    arn = values["test_route"].get("arn")
    if arn is None or arn not in values["routes"]:
        return []
    return [
        Finding(
            "bluegreen_test_route",
            f"bluegreen_test_route: {arn} is also one of bluegreen_routes, so users would get the candidate before it "
            "is verified. Give a listener or a listener rule that users do not use.",
        )
    ]


def _region(values: Values) -> list[Finding]:
    found = {f"bluegreen_{key}": regions_in(values[key]) for key in ("routes", "target_groups", "test_route")}
    known = list(dict.fromkeys(region for regions in found.values() for region in regions))
    if len(known) > 1:
        where = "; ".join(f"{name} has ARNs of {', '.join(regions)}" for name, regions in found.items() if regions)
        return [Finding("bluegreen_routes", f"A service is in one region, and this one is in several: {where}.")]
    if known and values["region"] not in ("", *known):
        where = next(name for name, regions in found.items() if regions)
        return [
            Finding(
                "bluegreen_region",
                f"bluegreen_region is {values['region']}, and the ARNs of {where} are of {known[0]}. Remove "
                "bluegreen_region, or correct the ARNs.",
            )
        ]
    return []


def _time(values: Values) -> list[Finding]:
    steps = parse_strategy(values["strategy"], final_bake(values))
    lack = find_lack_of_time(steps, lag_of(values), values["shift_timeout"])
    return [Finding("bluegreen_shift_timeout", f"bluegreen_shift_timeout: {lack}")] if lack else []


def _bakes(values: Values) -> list[Finding]:
    """A bake waits for its metrics beyond its time; within it, there must be something to wait for. The lag is as long
    as two minutes, or else minutes are shorter, as on a lab."""
    lag, found = lag_of(values), []
    if not lag:
        return []
    judged = [each for each in parse_metrics(values["metrics"]) if not each.dry_run]
    least = max([lag, *[each.shortest_bake for each in judged if each.period > MINUTE]])
    if short := find_short_bakes(parse_strategy(values["strategy"]), least):
        found.append(Finding("bluegreen_strategy", f"bluegreen_strategy: {short}"))
    final = final_bake(values)
    if 0 < final < least and parse_strategy(values["strategy"], final)[-1].bake_seconds == final:
        found.append(
            Finding(
                "bluegreen_final_bake_seconds",
                f"bluegreen_final_bake_seconds is {final}, and bluegreen_metrics is set: this bake would be over "
                f"before CloudWatch has its metrics. Set it to at least {least}, or to 0 to judge no metrics in it.",
            )
        )
    return found


def _stickiness(values: Values) -> list[Finding]:
    found = []
    for key in ("stickiness_seconds", "adopt_stickiness_seconds"):
        network = [each for each in values["routes"] if isinstance(each, str) and not is_application(each)]
        if values[key] and network:
            found.append(
                Finding(
                    f"bluegreen_{key}",
                    f"bluegreen_{key} is {values[key]}, and {network[0]} is of a Network Load Balancer, whose "
                    "stickiness has no duration. Remove the variable, or set it to 0.",
                )
            )
    return found


def _verification(values: Values) -> list[Finding]:
    """Nothing is asked without a route to ask through."""
    if values["test_route"] or values["adopt_test_route"]:
        return []
    return [
        Finding(
            f"bluegreen_{key}",
            f"bluegreen_{key} has no effect: bluegreen_test_route is not set, so the candidate is not verified.",
            refuses=False,
        )
        for key in ("checks", "release_from", "instance_from")
        if values[key]
    ]


def _adoption(values: Values) -> list[Finding]:
    if not any(isinstance(each, Mapping) for each in values["routes"]):
        return []
    return [
        Finding(
            "bluegreen_routes",
            "bluegreen_routes has a DNS record in it, and adopt.yml makes only listeners and listener rules ready. "
            "Name their ARNs alone.",
        )
    ]


def _percentages(values: Values) -> list[Finding]:
    least, most = values["min_healthy_percentage"], values["max_healthy_percentage"]
    if most - least > 100:
        return [
            Finding(
                "bluegreen_max_healthy_percentage",
                f"bluegreen_max_healthy_percentage is {most} and bluegreen_min_healthy_percentage is {least}: AWS "
                "accepts a difference of at most 100. Raise the minimum or lower the maximum.",
            )
        ]
    if least == 0 and most == 100:
        return [
            Finding(
                "bluegreen_min_healthy_percentage",
                "bluegreen_min_healthy_percentage is 0 and bluegreen_max_healthy_percentage is 100, so AWS may replace "
                "all instances at the same time and nobody serves meanwhile. Raise one of them to keep the service up.",
                refuses=False,
            )
        ]
    return []


def _hold(values: Values) -> list[Finding]:
    hold, bake = values["hold_seconds"], values["bake_seconds"]
    if hold > bake:
        return []
    return [
        Finding(
            "bluegreen_hold_seconds",
            f"bluegreen_hold_seconds is {hold} and bluegreen_bake_seconds is {bake}: AWS would continue before the "
            "checkpoint is verified and baked. Make it longer, by as much as the checks take.",
        )
    ]


def _wait(values: Values) -> list[Finding]:
    """What is left of a hold after the bake has to be over before the roll is taken back."""
    left, patience = values["hold_seconds"] - values["bake_seconds"], values["roll_timeout"]
    if left < patience:
        return []
    return [
        Finding(
            "bluegreen_roll_timeout",
            f"bluegreen_roll_timeout is {patience}, and AWS holds a checkpoint for {left} s more after its bake "
            "(bluegreen_hold_seconds less bluegreen_bake_seconds), so a good roll would be rolled back. Set "
            "bluegreen_roll_timeout above that, by as much as the replacement up to the next checkpoint takes.",
        )
    ]


def _protected(values: Values) -> list[Finding]:
    if values["scale_in_protected"] != "ignore" or not values["release_from"]:
        return []
    return [
        Finding(
            "bluegreen_scale_in_protected",
            "bluegreen_scale_in_protected is ignore, so protected instances keep the old release, and "
            "bluegreen_release_from wants every answer to be of the new one. Set bluegreen_scale_in_protected to "
            "wait or refresh, or remove bluegreen_release_from.",
        )
    ]


def _alarms(values: Values) -> list[Finding]:
    count = len(values["alarms"])
    if count <= MOST_ALARMS:
        return []
    return [
        Finding(
            "bluegreen_alarms",
            f"bluegreen_alarms names {count}, and AWS accepts at most {MOST_ALARMS} for an instance refresh. Name "
            "fewer, or a composite alarm of them.",
        )
    ]
