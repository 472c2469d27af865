# SPDX-License-Identifier: GPL-3.0-or-later
"""How many API calls fleets of several sizes take. ``python -m tests.benchmark.sizes [SIZE…]`` writes docs/sizes.md."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import eventually
from tests.playing import ROOT, started
from tests.sample import SERVICE, Sample

SIZES = (10, 100, 500)
SPEED = 5
PATIENCE_SECONDS = 300
DOCUMENT = ROOT / "docs/sizes.md"
POLLS = {
    "DescribeAlarms",
    "DescribeAutoScalingGroups",
    "DescribeScalingActivities",
    "DescribeTargetHealth",
    "GetMetricData",
}

ABOUT = """\
# API calls by the size of a service

Written by `make sizes`: the API calls of `provision.yml` and `teardown.yml` for services of several sizes, on the
[lab](../lab), where each instance is a process.

- **once**: calls that are made once, however long the playbook takes.
- **polls**: how often the playbook checked until all instances were healthy, or gone. It depends on time, not on size.
- **calls per poll**: the calls that are repeated ({polls}), divided by the number of polls.

| instances | playbook | once | polls | calls per poll | wall, s |
|--:|---|--:|--:|--:|--:|
"""


@dataclass(frozen=True)
class Bill:
    size: int
    door: str
    calls: Counter[str]
    seconds: float

    def row(self) -> str:
        polls = {operation: count for operation, count in self.calls.items() if operation in POLLS}
        once, looks = self.calls.total() - sum(polls.values()), max(polls.values())
        per_look = sum(polls.values()) / looks
        return f"| {self.size} | `{self.door}.yml` | {once} | {looks} | {per_look:.1f} | {self.seconds:.0f} |"


def main(sizes: list[int]) -> int:
    rows = [bill.row() for size in sizes for bill in measure(size)]
    DOCUMENT.write_text(ABOUT.format(polls=", ".join(sorted(POLLS))) + "\n".join(rows) + "\n", encoding="utf-8")
    print(DOCUMENT.read_text(encoding="utf-8"))
    return 0


def measure(size: int) -> list[Bill]:
    with LabProcess(speed=SPEED) as lab:
        sample = Sample(lab, run=started)
        grow(sample, size)
        release = {"bluegreen_release": "1.1.0", "bluegreen_health_timeout": PATIENCE_SECONDS}
        provision = open_door(sample, size, "provision", **release)
        shift = {"bluegreen_strategy": [{"weight": 100, "bake_seconds": 0}], "bluegreen_retain_seconds": 0}
        open_door(sample, size, "swap", **release, **shift)
        return [provision, open_door(sample, size, "teardown")]


def grow(sample: Sample, size: int) -> None:
    """The live group gets its size. Health checks are few, and nothing is replaced: the machine is small."""
    elbv2, autoscaling = sample.lab.client("elbv2"), sample.lab.client("autoscaling")
    sample.set_deregistration_delay(0)
    for group in elbv2.describe_target_groups()["TargetGroups"]:
        elbv2.modify_target_group(TargetGroupArn=group["TargetGroupArn"], HealthCheckIntervalSeconds=60)
    autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=f"{SERVICE}-blue-v001", MaxSize=size, DesiredCapacity=size, HealthCheckGracePeriod=3600
    )
    (blue,) = elbv2.describe_target_groups(Names=[f"{SERVICE}-blue"])["TargetGroups"]

    def healthy() -> int:
        found = elbv2.describe_target_health(TargetGroupArn=blue["TargetGroupArn"])["TargetHealthDescriptions"]
        return [each["TargetHealth"]["State"] for each in found].count("healthy")

    eventually(healthy, lambda count: count == size, PATIENCE_SECONDS)


def open_door(sample: Sample, size: int, door: str, **variables: object) -> Bill:
    print(f"{size} instances: {door}.yml", file=sys.stderr, flush=True)
    began = time.time()
    played = sample.open(door, **variables)
    seconds = time.time() - began
    if played.returncode:
        raise RuntimeError(f"{door}.yml failed: {played.messages}")
    return Bill(size, door, Counter(call["operation"] for call in sample.lab.calls(began)), seconds)


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(SIZES)))
