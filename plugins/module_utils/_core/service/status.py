# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a service stands, as a table for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..base.columns import in_columns, percents
from ..base.durations import elapsed
from ..base.timestamps import to_the_minute
from ..history.outcome import Outcome, Version
from ..history.sentences import last_line
from .freeze import Freeze
from .phases import PROVISIONED, SETTLED, SHIFTING

HEADINGS = ("", "weight", "release", "image", "group", "healthy", "pinned at", "retained until")
SENTENCES = {
    SETTLED: "nothing in progress",
    PROVISIONED: "a candidate waits for traffic",
    "rejected": "a rejected candidate is kept",
    SHIFTING: "traffic is being shifted",
}


def status_lines(service: Mapping[str, Any]) -> list[str]:
    """``service`` is what module service_info returns under that key."""
    stable = service["stable"]
    rows = [_row(service["environments"][color]) for color in (stable, service["candidate"])]
    frozen = [f"{service['service']} is {Freeze.from_data(service['frozen'])}."] if service["frozen"] else []
    asking = [_asking(each) for each in service["environments"].values() if each["approval"]]
    said = f"{service['service']}: {stable} is stable, {SENTENCES[_phase(service)]}"
    marked = [line for each in service["environments"].values() for line in _marked(each)]
    last = [last_line(Outcome.from_data(each)) for each in service["outcomes"][:1]]
    above = [said, *_working(service), *last, *_odd_weights(service), *frozen, *asking, *marked, *_way_back(service)]
    return [*above, *in_columns([HEADINGS, *rows])]


def _phase(service: Mapping[str, Any]) -> str:
    """A candidate that was rejected waits for no traffic."""
    rejected = service["environments"][service["candidate"]]["rejected"]
    return "rejected" if service["phase"] == PROVISIONED and rejected else str(service["phase"])


def _odd_weights(service: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the weights, as a person or a dead run has left them."""
    environments = service["environments"].values()
    if not any(each["highest_weight"] for each in environments):
        returned = f"rollback.yml gives all traffic to {service['stable']}"
        yield f"All weights are 0, so users are not served; {returned}."
    elif any(each["weight"] != each["highest_weight"] for each in environments):
        yield "Its routes split the traffic differently; rollback.yml returns all of it."


def _working(service: Mapping[str, Any]) -> Iterator[str]:
    """Who changes it, or has stopped in the middle of it."""
    if not (lease := service["lease"]):
        return
    if lease["alive"]:
        renewed = elapsed(lease["silent_seconds"])
        yield f"{lease['by']} is active: {_doing(lease)}, lease renewed {renewed} ago."
    elif service["phase"] == SETTLED:
        yield f"{lease['by']} has ended without an outcome: {_doing(lease)}. Run the same playbook again."
    else:
        yield abandoned(lease)


def abandoned(lease: Mapping[str, Any]) -> str:
    """The sentence about a run that died in the middle of a release."""
    silent = elapsed(lease["silent_seconds"])
    return (
        f"{lease['by']} has not renewed its lease for {silent}: {_doing(lease)}; nobody watches the release. "
        "deploy.yml continues it, rollback.yml returns the traffic."
    )


def _doing(lease: Mapping[str, Any]) -> str:
    return f"{lease['doing']}, since {datetime.fromisoformat(lease['since']):%Y-%m-%d %H:%M:%S} UTC"


def _way_back(service: Mapping[str, Any]) -> Iterator[str]:
    if (way := service["way_back"]) is None:
        return
    if not way["possible"]:
        yield f"Rollback: not possible. {way['reason']}"
        return
    if way["in_place"]:
        previous = Version.of(way)
        yield f"Rollback: to {previous} in {way['color']} in place. {' '.join(way['loss'])}"
        return
    seconds = way["seconds"]
    how = "as capacity is restored" if seconds is None else f"in about {elapsed(seconds)}"
    until = f", until {_minute(way['until'])}" if way["until"] else ""
    yield f"Rollback: to {way['release']} in {way['color']} {how}{until}. {' '.join(way['loss'])}"


def _marked(environment: Mapping[str, Any]) -> Iterator[str]:
    """That it was rejected, or is being removed."""
    for mark, said, then in (
        ("rejected", "was rejected", "deploy.yml tries it again, swap.yml refuses it"),
        ("leaving", "is being removed", "rollback.yml does not return to it"),
    ):
        if found := environment[mark]:
            at = f" at {_minute(found['at'])}" if found["at"] else ""
            yield f"{environment['color']} {said}{at}: {found['reason'].rstrip('.')}; {then}."


def _asking(environment: Mapping[str, Any]) -> str:
    approval, color = environment["approval"], environment["color"]
    asked = f"for approval at {approval['weight']} % until {_minute(approval['until'])}"
    if not approval["waits"]:
        return f"{color} waited {asked}; no run waits any more, and approve.yml approves nothing."
    answer = f"approved by {approval['by']}" if approval["by"] else "approve.yml gives it"
    return f"{color} waits {asked}; {answer}."


def _minute(moment: str) -> str:
    return to_the_minute(datetime.fromisoformat(moment))


def _row(environment: Mapping[str, Any]) -> Sequence[str]:
    own, until = environment["pinned"], environment["retain_until"]
    kept = _minute(until) if until else "-"
    return (
        environment["color"],
        percents(environment["weight"], environment["highest_weight"]),
        environment["release"] or "-",
        environment["image_id"] or "-",
        environment["group"] or "-",
        f"{environment['healthy']}/{environment['desired']}",
        f"{environment['minimum']} (own {own['minimum']}-{own['maximum']})" if own else "-",
        f"{kept} (over)" if environment["due"] else kept,
    )
