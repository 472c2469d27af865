# SPDX-License-Identifier: GPL-3.0-or-later
"""What each strategy costs users, with good releases and with bad ones, in real requests.

``python -m tests.benchmark.strategies [GOOD_RELEASES]`` writes docs/strategies.md;
``python -m tests.benchmark.strategies --rows WORD…`` prints the rows of bad releases whose names have one of the words.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad, LoadResult
from tests.playing import ROOT, Played, started
from tests.sample import Sample

DOCUMENT = ROOT / "docs/strategies.md"
RATE, NEW_PATH_RATE = 300, 30  # requests per second, the latter below NEW_PATH
NEW_PATH = "new"
SPEED = 20
METRIC_LAG = 90  # lab seconds
METRICS = [{"name": "errors"}, {"name": "latency"}]
GOOD_RELEASES = 50
BACKGROUND_PERCENT = "0.5"

CANARY = {"type": "canary", "percent": 10, "bake_seconds": 20, "final_bake_seconds": 10}
STRATEGIES: Mapping[str, Any] = {
    "all at once": {"type": "all_at_once", "final_bake_seconds": 10},
    "canary, 10 %": CANARY,
    "linear, 25 %": {"type": "linear", "percent": 25, "interval_seconds": 10, "final_bake_seconds": 10},
    "steps 5, 50, 100 %": [{"weight": weight, "bake_seconds": 10} for weight in (5, 50, 100)],
}
# A crash after 20 s of this clock, when the canary has its traffic; the lab's own seconds are shorter.
BAD: Mapping[str, dict[str, str]] = {
    "30 % of the answers are 5xx": {"error-percent": "30"},
    "3 % of the answers are 5xx": {"error-percent": "3"},
    "30 % of the requests hang": {"hang-percent": "30"},
    "30 % of the connections are cut off": {"reset-percent": "30"},
    "400 ms slower": {"latency-ms": "400"},
    "crashes after 20 s, again and again": {"crash-seconds": str(20 * SPEED)},
    f"fails below /{NEW_PATH} only": {"error-path": f"/{NEW_PATH}"},
}

ABOUT = f"""\
# What releases cost users

Written by `make strategies`, on the [lab](../lab): {RATE} requests/s, a tenth of them below `/{NEW_PATH}`; 20 ms
for each API call; 5 s in the lab's time until a change reaches the data plane. The lab's clock runs {SPEED} times as
fast, so that a minute of CloudWatch takes {60 // SPEED} s. As on AWS, it is complete only {METRIC_LAG} s, here
{METRIC_LAG / SPEED:g} s, after its end. Nothing is retained. The releases are judged by the alarms of the sample
service and by `bluegreen_metrics: [{{name: errors}}, {{name: latency}}]`.
"""
GOOD_HEAD = """
## Good releases

| strategy | requests | failed | seconds |
|---|--:|--:|--:|
"""
BAD_HEAD = """

## Bad releases, with a canary of 10 %

*Hurt* counts the requests that failed; for a release that is only slow, the requests that it answered. *Seconds* are
from the first of them to the write that returns the traffic. *Rollback* is the part of it after the reason could be
read.

| the release | end | hurt | of all, % | seconds | rollback, s | message |
|---|---|--:|--:|--:|--:|---|
"""
ALARMS = """

## False alarms

{returned} of {count} good releases were rolled back, of a service in which {background} % of the requests fail at
random (a canary of 10 %, under {rate} requests/s).
"""


@dataclass(frozen=True)
class Outcome:
    sample: Sample
    load: LoadResult
    new_path: LoadResult
    played: Played

    @property
    def requests(self) -> int:
        return self.load.requests + self.new_path.requests

    @property
    def failed(self) -> int:
        return self.load.failed + self.new_path.failed

    @property
    def reported(self) -> dict[str, Any]:
        return dict(self.played.outcomes[self.sample.service])

    def hurt(self, release: str) -> list[float]:
        """When users were hurt, in epoch seconds, at least roughly: a slow answer is known by its second."""
        failures = sorted(failure.at for load in (self.load, self.new_path) for failure in load.failures)
        return failures or [
            load.started + number
            for load in (self.load, self.new_path)
            for number, second in enumerate(load.timeline)
            for _answer in range(second.releases[release])
        ]

    def returned_at(self) -> float:
        """When the first write of the return was made."""
        calls = self.sample.lab.calls(kind="write")
        return float(max(call["time"] for call in calls if call["operation"] == "ModifyListener"))


def new_lab() -> LabProcess:
    return LabProcess(speed=SPEED, latency_ms=20, propagation_ms=5000, metric_lag=METRIC_LAG)


def release(sample: Sample, **variables: Any) -> Outcome:
    with ExitStack() as loads:
        load = loads.enter_context(BackgroundLoad(sample.url, RATE - NEW_PATH_RATE))
        new_path = loads.enter_context(BackgroundLoad(sample.url + NEW_PATH, NEW_PATH_RATE))
        played = deploy(sample, **variables)
    return Outcome(sample, load.result, new_path.result, played)


def deploy(sample: Sample, **variables: Any) -> Played:
    defaults = {"bluegreen_metrics": METRICS, "bluegreen_strategy": CANARY, "bluegreen_retain_seconds": 0}
    return sample.open("deploy", **defaults | variables)


def good_row(name: str) -> str:
    with new_lab() as lab:
        seen = release(Sample(lab, run=started), bluegreen_release="1.1.0", bluegreen_strategy=STRATEGIES[name])
    if seen.reported["end_state"] != "succeeded":
        raise RuntimeError(f"{name}: {seen.played.messages}")
    return f"| {name} | {seen.requests} | {seen.failed} | {seen.load.seconds:.0f} |"


def bad_row(name: str) -> str:
    with new_lab() as lab:
        image = make_image(lab, {"release": "2.0.0", **BAD[name]})
        seen = release(Sample(lab, run=started), bluegreen_release="2.0.0", bluegreen_image_id=image)
        hurt, returned = seen.hurt("2.0.0"), seen.returned_at()
    share = 100 * len(hurt) / seen.requests
    said = seen.played.results[-1].get("msg", "").partition("has all traffic. ")[2]
    seconds = f"{returned - hurt[0]:.1f} | {seen.reported['rollback_seconds']}"
    return f"| {name} | {seen.reported['end_state']} | {len(hurt)} | {share:.2f} | {seconds} | {said} |"


def false_alarms(count: int) -> int:
    """Of a service that goes from one good release to the other and back, once it has background errors itself."""
    returned = 0
    with new_lab() as lab:
        sample = Sample(lab, run=started)
        images = {name: make_image(lab, {"release": name, "noise-percent": BACKGROUND_PERCENT}) for name in "ab"}
        with BackgroundLoad(sample.url, RATE):
            deploy(sample, bluegreen_release="b", bluegreen_image_id=images["b"], bluegreen_metrics=[])
            for name in islice(cycle(images), count):
                played = deploy(sample, bluegreen_release=name, bluegreen_image_id=images[name])
                returned += played.returncode != 0
                progress(f"good release {name}: {played.messages or 'succeeded'}")
    return returned


def make_image(lab: LabProcess, tags: Mapping[str, str]) -> str:
    named = [{"Key": f"lab:{key}", "Value": value} for key, value in tags.items()]
    made = lab.client("ec2").register_image(
        Name=f"release-{tags['release']}", TagSpecifications=[{"ResourceType": "image", "Tags": named}]
    )
    return str(made["ImageId"])


def progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def main(count: int) -> int:
    text = ABOUT + GOOD_HEAD
    for names, row, then in ((STRATEGIES, good_row, BAD_HEAD), (BAD, bad_row, "")):
        for name in names:
            progress(line := row(name))
            text += line + "\n"
        text += then
    text += ALARMS.format(returned=false_alarms(count), count=count, background=BACKGROUND_PERCENT, rate=RATE)
    DOCUMENT.write_text(text, encoding="utf-8")
    print(text)
    return 0


def print_rows(words: Sequence[str]) -> int:
    for name in BAD:
        if any(word in name for word in words):
            print(bad_row(name), flush=True)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--rows"]:
        sys.exit(print_rows(sys.argv[2:]))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else GOOD_RELEASES))
