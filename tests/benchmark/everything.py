# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases in an account where everything comes together: what AWS does on a bad day, and a role that may do no more
than it needs, in sessions that end.

``python -m tests.benchmark.everything [GOOD_RELEASES]`` writes docs/everything.md.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad, LoadResult
from tests.playing import ROOT, Played, playbook
from tests.sample import SERVICE, Sample

from .strategies import BAD, CANARY, METRICS, RATE, SPEED, make_image, progress

DOCUMENT = ROOT / "docs/everything.md"
POLICY = ROOT / "docs/iam/deploy.json"
GOOD_RELEASES = 50
LATENCY_MS, PROPAGATION_MS, LAG, STALE_MS, TOKEN_SECONDS = 50, 5000, 90, 500, 10
RETURNED = ("30 % of the answers are 5xx", "30 % of the requests hang", "30 % of the connections are cut off")
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

ABOUT = f"""\
# Everything at once

Written by `make everything`, on the [lab](../lab) under {RATE} requests per second. Each API call takes
{LATENCY_MS} ms. A change reaches the load balancer after {PROPAGATION_MS // 1000} s, and a minute of metrics is
complete after {LAG} s, both in the lab's time, which is {SPEED} times as fast. For {STALE_MS} ms after a write, reads
may answer from before it. The role that releases has the policy [deploy.json](iam/deploy.json), and its sessions end
after {TOKEN_SECONDS} s. The strategy is a canary of 10 %, judged by the alarms of the sample service and by the metrics
`errors` and `latency`.

| the release | end | requests | failed | seconds | message |
|---|---|--:|--:|--:|---|
"""
GOOD = """
{count} good releases, one after the other: {returned} returned, {failed} of {requests} requests failed. A release took
{seconds:.0f} s (median).
"""


@dataclass(frozen=True)
class Account:
    """A lab with the sample service, and the environment of a profile whose role may release."""

    lab: LabProcess
    sample: Sample
    environment: dict[str, str]

    def deploy(self, release: str, image: str) -> Played:
        variables = {
            "bluegreen_release": release,
            "bluegreen_image_id": image,
            "bluegreen_metrics": METRICS,
            "bluegreen_strategy": CANARY,
            "bluegreen_retain_seconds": 0,
        }
        given = ["-i", str(self.lab.inventory), "-e", json.dumps(variables)]
        return playbook(ROOT / "playbooks/deploy.yml", self.environment, *given)

    def deploy_under_load(self, release: str, image: str) -> tuple[Played, LoadResult]:
        with BackgroundLoad(self.sample.url, RATE) as load:
            played = self.deploy(release, image)
        return played, load.result


@contextmanager
def account() -> Iterator[Account]:
    settings = {"latency_ms": LATENCY_MS, "propagation_ms": PROPAGATION_MS, "metric_lag": LAG, "stale_ms": STALE_MS}
    with LabProcess(speed=SPEED, token_seconds=TOKEN_SECONDS, **settings) as lab, TemporaryDirectory() as scratch:
        yield Account(lab, Sample(lab), _profile(lab, Path(scratch)))


def _profile(lab: LabProcess, folder: Path) -> dict[str, str]:
    """Of a role with the policy, which the administrator takes on; the lab forgets its sessions."""
    iam = lab.client("iam")
    anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})
    role = iam.create_role(RoleName="release", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    time.sleep(STALE_MS / 1000)  # until the role is known
    iam.put_role_policy(RoleName="release", PolicyName="release", PolicyDocument=POLICY.read_text(encoding="utf-8"))
    config = folder / "config"
    keys = "aws_access_key_id = lab\naws_secret_access_key = lab\n"
    config.write_text(
        f"[profile lab]\n{keys}[profile release]\nrole_arn = {role}\nsource_profile = lab\n", encoding="utf-8"
    )
    kept = {name: value for name, value in lab.env.items() if name not in KEYS}
    return kept | {"AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "release"}


def bad_row(name: str) -> str:
    with account() as its:
        image = make_image(its.lab, {"release": "2.0.0", **BAD[name]})
        played, load = its.deploy_under_load("2.0.0", image)
    end = played.outcomes[SERVICE]["end_state"]
    said = played.messages.splitlines()[-1].partition("has all traffic. ")[2]
    return f"| {name} | {end} | {load.requests} | {load.failed} | {load.seconds:.0f} | {said} |"


def good_releases(count: int) -> str:
    """From one good release to the other and back."""
    ends: list[str] = []
    seconds, requests, failed = [], 0, 0
    with account() as its:
        images = {name: make_image(its.lab, {"release": name}) for name in "ab"}
        for name in islice(cycle(images), count):
            played, load = its.deploy_under_load(name, images[name])
            ends.append(played.outcomes[SERVICE]["end_state"])
            requests, failed = requests + load.requests, failed + load.failed
            seconds.append(load.seconds)
            progress(f"{len(ends)}: {ends[-1]}, {load.failed} of {load.requests} failed {played.messages}")
    returned = len([end for end in ends if end != "succeeded"])
    middle = sorted(seconds)[len(seconds) // 2]
    return GOOD.format(count=count, returned=returned, failed=failed, requests=requests, seconds=middle)


def main(arguments: Sequence[str]) -> int:
    text = ABOUT
    for name in RETURNED:
        progress(line := bad_row(name))
        text += line + "\n"
    text += good_releases(int(arguments[0]) if arguments else GOOD_RELEASES)
    DOCUMENT.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
