# SPDX-License-Identifier: GPL-3.0-or-later
"""What many services in one play cost. ``python -m tests.benchmark.fleet [SERVICES:FORKS…]`` writes docs/fleets.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml  # type: ignore[import-untyped]
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.pace import poll_seconds

from switchyard_lab.client import LabProcess
from tests.playing import BIN, ROOT
from tests.sample import Sample

from . import rates, throttles
from .cost import cost_of
from .ground import new_image, take_out_the_waits
from .report import machine
from .tree import watched

GRID = ((1, 10), (10, 1), (10, 10), (50, 1), (50, 10), (50, 50))
WAITING = (1, 10, 50)
WAIT_SECONDS = 90
SAMPLE_SECONDS = 2.0
AT_ONCE = ("bluegreen_retain_seconds", "bluegreen_quiet_seconds", "bluegreen_propagation_timeout")
DOCUMENT = ROOT / "docs/fleets.md"

ABOUT = """\
# Many services in one play

Written by `make fleet` on the [lab](../lab). The lab runs on the same processors, so wall times are of little
use. Processor time and memory are those of `ansible-playbook` with all its workers, without the lab.

This run: {machine}.

- A bake holds a fork of Ansible, so a play releases as many services at a time as it has forks (`--forks`, 5 by
  default). The others wait.
- `bluegreen_poll_seconds` sets how often a bake polls. Its default grows with the number of services that are released
  at the same time.
- Ten services begin at once, and one more every ten seconds ([why](#services-that-begin-together)).
- A service that fails does not stop the others. With `-e bluegreen_serial=…`, no batch starts after a failure.
- ansible-core 2.19 does not notice a worker that was killed, for example because a container has too little memory:
  the other services end, and the play does not. Give the container the memory of each service below, times the forks.
  When it has happened: [On call](on-call.md).
- Each service may be in a different region and account.
- The callback plugin `switchyard.bluegreen.summary` shows at the end how each service has ended.

"""
RELEASES = """\
## A release

A whole cycle for each service: build, verify, two steps, settle and teardown, without bakes and retention. *CPU* is the
time of each service beyond the start of Ansible; the goal is 2.0 s. The more services, the slower the lab's clock, so
that its health checks leave the releases room: wall times are longer for that, and there are more calls in waits.

The lab speaks HTTP. Over TLS, each connection takes 2 ms of CPU in addition, and a release opens some sixty. The
certificates of authorities are parsed once for all of them; urllib3 by itself would take 33 ms more for each.

| services | forks | CPU of each, s | calls of each | wall, s |
|--:|--:|--:|--:|--:|
"""
WAITS = """\
## A wait

Each service bakes for {seconds} s with an alarm and two target groups, all at the same time. Memory counts each page
once, divided among the processes that share it (PSS); *later* is that at the end of the bake. CPU is in percent of one
processor; the goal is 0.5. The controller's share is Ansible's own loop, which polls for results a thousand times a
second. In the last row, `internal_poll_interval = 0.05` is set in section `defaults` of ansible.cfg.

| services | polls every, s | memory of each, MB | later, MB | CPU of each, % | controller, MB | controller, % |
|--:|--:|--:|--:|--:|--:|--:|
"""


@dataclass(frozen=True)
class Release:
    services: int
    forks: int
    cpu: float
    calls: float
    wall: float

    def row(self) -> str:
        return f"| {self.services} | {self.forks} | {self.cpu:.2f} | {self.calls:.0f} | {self.wall:.0f} |"


def release(services: int, forks: int) -> Release:
    print(f"{services} services, {forks} forks", file=sys.stderr, flush=True)
    speed = min(100, 400 // (services + forks))  # a faster one is busy with health checks of hundreds
    with LabProcess(speed=speed, services=[f"s{number:02}" for number in range(services)]) as lab:
        take_out_the_waits(Sample(lab))
        image, label = new_image(lab)
        variables = {
            "bluegreen_image_id": image,
            "bluegreen_release": label,
            "bluegreen_strategy": [{"weight": weight, "bake_seconds": 0} for weight in (50, 100)],
            **dict.fromkeys(
                ("bluegreen_retain_seconds", "bluegreen_quiet_seconds", "bluegreen_propagation_timeout"), 0
            ),
        }
        nothing, _began = cost_of(
            [BIN / "ansible-playbook", ROOT / "playbooks/services.yml", "-i", lab.inventory], lab.env
        )
        given = ["-i", lab.inventory, "-e", json.dumps(variables), "--forks", str(forks)]
        cost, began = cost_of([BIN / "ansible-playbook", ROOT / "playbooks/deploy.yml", *given], lab.env)
        calls = len(lab.calls(began))
    return Release(
        services, forks, (cost.cpu_ms - nothing.cpu_ms) / 1000 / services, calls / services, cost.wall_ms / 1000
    )


def wait(services: int, interval: float = 0.001) -> str:
    """The same service under many names, for a bake only reads."""
    print(f"{services} services wait", file=sys.stderr, flush=True)
    pace = poll_seconds(services)
    with LabProcess() as lab, TemporaryDirectory(prefix="fleet-") as folder:
        path = _play(Path(folder), Sample(lab), services, pace)
        config = Path(folder, "ansible.cfg")
        config.write_text(f"[defaults]\ninternal_poll_interval = {interval}\n", encoding="utf-8")
        process = subprocess.Popen(
            [BIN / "ansible-playbook", path, "-i", path.with_name("hosts.yml"), "--forks", str(services)],
            env={**os.environ, **lab.env, "ANSIBLE_CONFIG": str(config)},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        with watched(process.pid, SAMPLE_SECONDS) as samples:
            code = process.wait()
    if code:
        raise RuntimeError("the play failed")
    steady = [each for each in samples if each.children >= services]
    first, last = steady[1], steady[-2]
    seconds = last.at - first.at
    cpu, own = last.children_cpu - first.children_cpu, last.cpu - first.cpu
    figures = (
        f"{first.children_pss_mb / services:.1f}",
        f"{last.children_pss_mb / services:.1f}",
        f"{100 * cpu / seconds / services:.2f}",
        f"{last.pss_mb:.0f}",
        f"{100 * own / seconds:.1f}",
    )
    return f"| {services} | {pace} | {' | '.join(figures)} |"


def _play(folder: Path, sample: Sample, services: int, pace: int) -> Path:
    named = sample.definition["bluegreen_target_groups"]
    bake = {
        "seconds": WAIT_SECONDS,
        "poll_seconds": pace,
        "alarms": sample.definition["bluegreen_alarms"],
        "target_groups": [{"target_group": name, "minimum_healthy": 0} for name in named.values()],
    }
    play = {
        "hosts": "all",
        "connection": "local",
        "gather_facts": False,
        "strategy": "ansible.builtin.host_pinned",
        "tasks": [{"name": "Bake", "switchyard.bluegreen.bake": bake}],
    }
    hosts = {f"s{number:02}": sample.definition for number in range(services)}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    path = folder / "play.yml"
    path.write_text(json.dumps([play]), encoding="utf-8")
    return path


def main(grid: Sequence[tuple[int, int]]) -> int:
    waits = [wait(services) for services in WAITING] + [wait(WAITING[-1], interval=0.05)]
    releases = [release(services, forks).row() for services, forks in grid]
    parts = [
        ABOUT.format(machine=machine()),
        RELEASES + "\n".join(releases) + "\n\n",
        WAITS.format(seconds=WAIT_SECONDS) + "\n".join(waits) + "\n\n",
        rates.table(),
        throttles.table(),
    ]
    DOCUMENT.write_text("".join(parts), encoding="utf-8")
    print(DOCUMENT.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    given = [tuple(map(int, each.split(":"))) for each in sys.argv[1:]]
    sys.exit(main([(services, forks) for services, forks in given] or GRID))
