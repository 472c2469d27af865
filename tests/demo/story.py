# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened in a deployment, for a person."""

from __future__ import annotations

from switchyard_lab.load.strip import line, releases_in

from .deployment import Deployment


def report(deployment: Deployment) -> None:
    load = deployment.load
    weights = [(int(at), percents) for at, percents in deployment.weights()]
    releases = releases_in(load.timeline)
    for number, second in enumerate(load.timeline):
        shifts = [", ".join(f"{name} {percent} %" for name, percent in p.items()) for at, p in weights if at == number]
        print(line(number, second, releases) + "".join(f"  → {shift}" for shift in shifts))
    stages = ", ".join(f"{role} {seconds} s" for role, seconds in deployment.stages().items())
    share = 100 * load.failed / load.requests
    print(f"{load.requests} requests, {load.failed} failed ({share:.2f} %), {load.seconds:.0f} s: {stages}")
    print(f"{deployment.release}: {deployment.end_state}. {deployment.reason}".rstrip())
