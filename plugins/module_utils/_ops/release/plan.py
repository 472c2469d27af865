# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a service, and plans what a run has to do in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report
from ..._core.launch.templates import encoded, fingerprint
from ..._core.release.plan import (
    NOTHING,
    Asked,
    Release,
    find_hindrances,
    find_missing_candidate,
    find_rejection,
    nothing_to_do,
    plan_move,
    plan_release,
)
from ..._core.service.definition import Definition
from ..._core.service.environments import Service
from ..._core.service.override import Override
from ..base.run import Run
from ..service.read import survey_service

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """``service`` is None when none was named, or when it cannot be read."""

    service: Service | None
    asked: Asked
    release: Release

    @property
    def is_empty(self) -> bool:
        return self.service is not None and self.release.brings_up == NOTHING

    @property
    def summary(self) -> str:
        return nothing_to_do(self.service, self.asked) if self.service and self.is_empty else ""

    @property
    def wanted(self) -> Asked:
        """What is stable once the release has succeeded. Without an image, that is the candidate."""
        if self.service is None or self.asked.image_id or not self.release.candidate:
            return self.asked
        return self.asked.of(self.service.environments[self.service.candidate].group)

    @property
    def remarks(self) -> list[str]:
        """That a release is tried again."""
        candidate = self.service.environments[self.service.candidate].group if self.service else None
        if not candidate or self.release.candidate != candidate.name or self.release.replaces:
            return []
        return [find_rejection(candidate) + " It is tried again."] if candidate.marks.rejected else []

    def as_data(self) -> dict[str, Any]:
        release = self.release
        return {
            "brings_up": release.brings_up,
            "replaces": release.candidate if release.replaces else None,
            "relabels": release.relabels,
            "wanted": self.wanted.as_data(),
        }


def plan_run(options: Options, run: Run, report: Report) -> Plan:
    """What in the service itself prevents the run is noted in ``report``."""
    service = _survey(options, run, report)
    asked = report.of(_asked, options) or Asked(options["image_id"] or "")
    if service is None:
        return Plan(None, asked, Release(source=options["source"], candidate=options["candidate"]))
    stages = options["stages"]
    if "provision" in stages:
        report.of(_check_image, asked)
        release = plan_release(service, asked, options["group"] or {})
        hindrances = find_hindrances(service, asked, release)
    elif {"verify", "swap"} & set(stages):
        release = plan_move(service, asked)
        hindrances = find_missing_candidate(service, asked, release)
        if "swap" in stages:
            hindrances += _rejected(service, release, options["override"])
    else:
        release, hindrances = Release(NOTHING), []
    for hindrance in hindrances:
        report.note(hindrance)
    return Plan(service, asked, release)


def _rejected(service: Service, release: Release, override: Any) -> list[str]:
    """A candidate that was returned, unless a person lets it pass. An override that is malformed lets nothing pass."""
    candidate = service.environments[service.candidate].group
    if release.brings_up == NOTHING or candidate is None or not candidate.marks.rejected:
        return []
    with suppress(BluegreenError):  # reported with the gates
        if Override.parse(override).allows("rejected"):
            return []
    return [
        f"{find_rejection(candidate)} Deploy a fixed image, or this one again with deploy.yml, which verifies it anew. "
        "To move traffic to it as it is, set bluegreen_override to {reason: why, allow: [rejected]}."
    ]


def _survey(options: Options, run: Run, report: Report) -> Service | None:
    if options["service"] is None:
        return None
    named = [options[key] for key in ("service", "routes", "target_groups", "test_route")]
    definition = report.of(Definition.parse, *named)
    return survey_service(run, report, definition, ["routes", "health", "groups"]) if definition else None


def _asked(options: Options) -> Asked:
    return Asked.read(options["image_id"], options["release"], fingerprint(encoded(options["user_data"])))


def _check_image(asked: Asked) -> None:
    if not asked.image_id:
        raise BluegreenError("No image to release is given. Set bluegreen_image_id to the id of an image.")
