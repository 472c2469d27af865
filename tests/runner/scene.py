# SPDX-License-Identifier: GPL-3.0-or-later
"""A service as a playbook finds it, and the jobs that are run for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from switchyard_lab.client import LabProcess
from tests.integration.playbooks.interrupting import weight_of_green
from tests.integration.playbooks.plain_service import PlainService
from tests.sample import SERVICE, Sample
from tests.standing import stand

from .cells import SHIFT, Row
from .installed import Installed
from .job import Cancel, Controller, Done

CANDIDATE = f"{SERVICE}-green-v002"
ENVIRONMENTS = "bluegreen_target_groups"
# Answers of a survey are text.
QUICK = {
    "bluegreen_strategy": "10, 100",
    "bluegreen_final_bake_seconds": "0",
    "bluegreen_propagation_timeout": "0",
    "bluegreen_retain_seconds": "1s",
    "bluegreen_quiet_seconds": "0",
    "bluegreen_instance_warmup": "0",
    "bluegreen_hold_seconds": "60",
    "bluegreen_bake_seconds": "0",
    "bluegreen_windows": "",
    "bluegreen_store": "",
}
LONG = {"bluegreen_strategy": "[{weight: 10, bake_seconds: 120}, {weight: 100}]"}
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}


@dataclass(frozen=True)
class Scene:
    """``answers``: of the survey, for a job that goes well."""

    row: Row
    sample: Sample
    controller: Controller
    answers: Mapping[str, Any]

    def good(self) -> Done:
        return self._run(self.answers)

    def refused(self) -> Done:
        return self._run({**self.answers, **self.row.wrong})

    def unreachable(self) -> Done:
        elsewhere = replace(self.controller, env={**self.controller.env, **NOWHERE})
        return elsewhere.run(self.row.playbook, self.answers)

    def failed(self) -> Done:
        if not isinstance(self.row.fault, str):
            return self._run({**self.answers, **self.row.fault})
        self.sample.lab.fault(operation=self.row.fault, error="AccessDenied", times=1)
        return self._run(self.answers)

    def canceled_early(self) -> Done:
        """Ansible has begun, and perhaps the first task."""
        return self._run(self.answers, lambda events: events > 0)

    def canceled_midway(self) -> Done:
        if self.row.writes == SHIFT:
            return self.canceled_while_split(self.row.playbook)
        since = time.time()
        if self.row.writes:
            self.sample.lab.fault(operation="*", silent=True, after=self.row.writes - 1)
        kind, calls = ("write", self.row.writes) if self.row.writes else ("read", 1)
        done = self._run(self.answers, lambda _events: len(self.sample.lab.calls(since, kind=kind)) >= calls)
        self.sample.lab.fault(operation="*", silent=True, times=0)
        return done

    def canceled_while_split(self, playbook: str) -> Done:
        answers = {**self.answers, **LONG}
        return self.controller.run(playbook, answers, cancel=lambda _events: weight_of_green(self.sample) == 10)

    def stands(self) -> dict[str, Any]:
        """What a job is about, so that one that was canceled and taken on can be compared with one that was not."""
        try:
            status = self.sample.status()
        except RuntimeError as error:  # it is not adopted yet
            return {"error": str(error)}
        shown = ("release", "weight", "pinned")
        colors = {color: [its[key] for key in shown] for color, its in status["environments"].items()}
        held = status["lease"] is not None and status["lease"]["alive"]
        return {"stable": status["stable"], "frozen": status["frozen"] is not None, "held": held, **colors}

    def _run(self, answers: Mapping[str, Any], cancel: Cancel | None = None) -> Done:
        return self.controller.run(self.row.playbook, answers, cancel=cancel)


def begin(lab: LabProcess, installed: Installed, row: Row) -> Scene:
    """In a lab without seed."""
    if row.playbook == "adopt":
        service = PlainService(lab)
        sample, images = Sample(lab), service.images
    else:
        standing = stand(lab, "listener", row.position, row.candidate)
        sample, images = standing.sample, standing.images
    fleet = {"bluegreen": {SERVICE: sample.definition}, "databases": {"db1": {}}}
    answers = {**QUICK, "bluegreen_image_id": images["1.1.0"], "bluegreen_release": "1.1.0", **row.answers}
    scene = Scene(row, sample, Controller(installed, lab.env, fleet), answers)
    return _prepared(scene)


def _prepared(scene: Scene) -> Scene:
    ask, groups = scene.sample.ask, scene.sample.definition[ENVIRONMENTS]
    match scene.row.playbook:
        case "approve":
            ask("approval", group=CANDIDATE, state="asked", weight=10, seconds=600)
            return replace(scene, answers={"bluegreen_approve_weight": "10"})
        case "unfreeze":
            ask("freeze", service=SERVICE, target_groups=groups, reason="Audit", by="anna")
        case "watch":
            canceled = scene.canceled_while_split("deploy")
            assert canceled.status == "canceled", canceled.output
        case "store":
            return replace(scene, answers={"bluegreen_store": "s3://releases/bluegreen"})
    return scene
