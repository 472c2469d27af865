# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, end to end, under load: a good release, then a bad one that is rolled back. ``python -m tests.demo``"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from tests.playing import started
from tests.sample import SERVICE, Sample

from .deployment import Deployment
from .story import report

RATE = 300  # requests per second
SPEED, LATENCY_MS, PROPAGATION_MS, METRIC_LAG = 20, 20, 5000, 90
OUTPUT = Path("build/demo").absolute()
STORE, SUMMARY, REPORT = OUTPUT / "store", OUTPUT / "summary.json", OUTPUT / "report.html"
RELEASES = {"good": "1.1.0", "bad": "1.2.0-bad"}


def deploy(sample: Sample, kind: str) -> Deployment:
    release = RELEASES[kind]
    print(f"\nDeploying {release} under {RATE} requests per second …", flush=True)
    with BackgroundLoad(sample.url, RATE) as load:
        played = sample.open("deploy", bluegreen_release=release, bluegreen_store=STORE.as_uri())
    return Deployment(kind, release, SERVICE, load.result, played)


def main() -> int:
    shutil.rmtree(STORE, ignore_errors=True)
    STORE.mkdir(parents=True)
    with LabProcess(speed=SPEED, latency_ms=LATENCY_MS, propagation_ms=PROPAGATION_MS, metric_lag=METRIC_LAG) as lab:
        sample = Sample(lab, run=started)
        print(f"The lab serves {SERVICE} 1.0.0 at {sample.url}: 3 instances behind a load balancer.")
        deployments = []
        for kind in RELEASES:
            deployments.append(deploy(sample, kind))
            report(deployments[-1])
        stable = sample.stable_release()
    good, bad = deployments
    summary = {each.kind: each.summary() for each in deployments} | {"stable_release": stable}
    SUMMARY.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    from .report import page_of  # imports from the collection, which Ansible's loader has to be there for

    REPORT.write_text(page_of(STORE, deployments), encoding="utf-8")
    print(f"\nStable is {stable}. The same as data: {SUMMARY}")
    print(f"The same as a page: {REPORT.as_uri()}")
    as_promised = good.end_state == "succeeded" and good.load.failed == 0 and bad.end_state == "rolled_back"
    return 0 if as_promised and stable == good.release else 1


if __name__ == "__main__":
    sys.exit(main())
