# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a run: the stages that it will take, decided before the first write.

Hooks that are not defined, pauses that were not asked for and steps that are taken already are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..bake.baseline import baseline_at
from ..base.durations import spoken
from ..definition.service import concealed_headers
from ..definition.steps import ROLLBACK, Step, remaining
from ..launch.templates import fingerprint
from ..service.environments import Environment
from ..service.freeze import Freeze
from .bring_up import CANDIDATE, FIRST, NOTHING, ROLL
from .parts import ReleaseParts
from .stage_inputs import StageInputs
from .stages import Stage, how_to_approve


@dataclass(frozen=True, kw_only=True)
class Planner(StageInputs):
    """A roll has no stages: module instance_refresh takes it from its beginning to its end. ``quiet_after``: seconds
    for which alarms of the idle environment may be in ALARM for what was there before."""

    parts: ReleaseParts
    at: datetime
    quiet_after: int = 0

    def stages(self) -> list[Stage]:
        kinds = {NOTHING: self._nothing, FIRST: self._first, CANDIDATE: self._candidate}
        return [] if self.bring_up.kind == ROLL else list(kinds[self.bring_up.kind]())

    def removal(self, environment: Environment) -> list[Stage]:
        """The stages that remove a group, provided that it stays what it is until then."""
        return list(self._teardown(environment, self._deadline(environment)))

    def kept(self) -> list[str]:
        """Why what is due is not removed, for a person."""
        if self.bring_up.kind != NOTHING or not self.parts.removes or not self._is_due(self.idle):
            return []
        said = f"{self.service.name} is {self._frozen}. So {self.idle.color} stays for a return to it."
        return [said] if self._frozen else []

    # -- by what is to be brought up

    def _nothing(self) -> Iterator[Stage]:
        stable = self.stable
        if self.parts.provisions and self.bring_up.relabels:
            label = {"release": self.asked.release}
            yield Stage("label", f"label {stable.color} as {self.asked.release}", self.settled(stable) | label)
        if self.parts.swaps and stable.group and stable.group.pinned and self.service.is_settled:
            yield Stage("release_pin", f"let {stable.color} scale by itself again", {"group": stable.group.name})
        if self.parts.removes and self._is_due(self.idle) and not self._frozen:
            yield from self._teardown(self.idle, self._deadline(self.idle))

    def _first(self) -> Iterator[Stage]:
        """It comes up where the traffic is, so nothing is shifted."""
        if not self.parts.provisions:
            return
        stable, name = self.stable, self.stable.group.name if self.stable.group else self.bring_up.source
        target = {"group": name, "color": stable.color, "target_groups": list(stable.target_groups)}
        # Without bluegreen_user_data, that of bluegreen_group.
        own = self.definition.candidate.first_group.get("launch_template", {}).get("user_data")
        user_data = {"user_data_sha256": self.asked.user_data or fingerprint(own)}
        given = {"make": stable.group is None, "label": self.label, **user_data, **target}
        yield Stage("first", f"make the first group, {name}, in {stable.color}", given)

    def _candidate(self) -> Iterator[Stage]:
        if not self.service.declared:
            # Once traffic is split, weights do not say any more which environment is stable.
            yield Stage("declare", f"declare {self.stable.color} stable", self.settled(self.stable))
        if self.parts.provisions:
            yield from self._provision()
        else:
            yield Stage("resume", f"continue with {self.name}", {"group": self.name})
        if self.parts.verifies:
            yield from self._verify()
        if self.parts.swaps:
            yield from self._swap()
        if self.parts.swaps and self.parts.removes and not self.definition.retain_seconds and self.stable.group:
            yield from self._teardown(self.stable, None)

    # -- the parts of a release

    def _provision(self) -> Iterator[Stage]:
        idle = self.idle
        yield from self._hook("before_provision")
        if self.bring_up.replaces:
            yield from self._teardown(idle, self._deadline(idle))
        joined = all(idle.color in route.by_color() for route in self.service.routes)
        if not self.service.is_shifting and not joined:
            given = {"weights": {idle.color: 0}, "target_groups": self.target_groups}
            yield Stage("join", f"add {idle.color} to the routes at 0 %", given)
        builds = self.bring_up.creates_group
        label = f" ({self.asked.release})" if self.asked.release else ""
        yield Stage(
            "provision",
            f"{'build' if builds else 'complete'} {self.name} with {self.asked.image_id}{label}",
            {
                "source": self.bring_up.source,
                "builds": builds,
                "color": idle.color,
                "group": self.name,
                "target_groups": list(idle.target_groups),
                "twins": self.service.pairs,
                "user_data_sha256": self.asked.user_data,
            },
            ({}, {"group": self.name, "image_id": self.asked.image_id}) if builds else None,
        )
        yield from self._hook("after_provision")

    def _verify(self) -> Iterator[Stage]:
        idle, route = self.idle, self.definition.verification.test_route
        if route and route.arn:
            aimed = {"arn": route.arn, "weights": self.shares(100), "target_groups": self.target_groups}
            yield Stage("aim", f"point the test route at {idle.color}", aimed)
        if route:
            source, mark = self.definition.verification.release_from, self.definition.verification.instance_from
            given = {
                "url": route.url_of(idle.color),
                "headers": concealed_headers(route.headers),
                "validate_certs": route.validate_certs,
                "ca_path": route.ca_path,
                "release": {**source.as_data(), "value": self.label} if source else {},
                "instances": {**mark.as_data(), "group": self.name} if mark else {},
                "color": idle.color,
            }
            yield Stage("verify", f"check {idle.color} through the test route", given)
        yield from self._hook("after_test_traffic")

    def _swap(self) -> Iterator[Stage]:
        stable, idle = self.stable, self.idle
        quiet = self.quiet_after if idle.weight == 0 else 0
        name = stable.group.name if stable.group else ""
        given = {"quiet_timeout": quiet, **self.judged(), "health": self.health(stable, name, "minimum")}
        yield Stage("look", "check alarms and health before traffic moves", given)
        if stable.group:
            given = {"group": self.name, "stable_group": stable.group.name}
            yield Stage("prepare", f"match the capacity of {idle.color} to that of {stable.color}", given)
        before = idle.weight if self.service.weights() else None
        for step in self.steps:
            yield from self._step(step, before)
            before = step.weight
        yield from self._hook("before_settle")
        retained = f", retain {stable.color} for {spoken(self.definition.retain_seconds)}" if stable.group else ""
        changes = ({"stable": stable.color}, {"stable": idle.color})
        yield Stage("settle", f"declare {idle.color} stable{retained}", self.settled(idle), changes)
        yield from self._hook("after_settle")

    def _step(self, step: Step, before: int | None) -> Iterator[Stage]:
        """``before``: the candidate's weight until then, None where the routes disagree."""
        data, color = step.as_data(), self.idle.color
        yield from self._hook("before_shift", step=data)
        judged = {**self.judged(), "baseline": baseline_at(step.weight)}
        given = {
            "step": data,
            "weights": self.shares(step.weight),
            # As the run has left them: who has moved them meanwhile, as with rollback.yml, is not overruled.
            "expected": None if before is None else self.shares(before),
            "require": self.required(step.weight),
            "return_to": self.stable.color,
            **judged,
        }
        baked = f", bake {spoken(step.bake_seconds)}" if step.bake_seconds else ""
        do = "shift_or_pause" if self.definition.shift.pauses else "shift"
        changes = (self.split(self.idle.weight if before is None else before), self.split(step.weight))
        yield Stage(do, f"shift {color} to {step.weight} %{baked}", given, changes)
        yield from self._hook("after_shift", step=data)
        if step.pause:
            then = "return the traffic" if step.pause.then == ROLLBACK else "continue"
            title = f"wait for approval at {step.weight} %, after {spoken(step.pause.seconds)} {then}"
            given = {"step": data, "release": self.label, "hint": how_to_approve(step.weight), **judged}
            yield Stage("approve", title, given)

    def _teardown(self, environment: Environment, deadline: str | None) -> Iterator[Stage]:
        """``deadline``: the retention that its group must have; None where this run sets it."""
        group = environment.group
        if group is None:
            return
        target = {"group": group.name, "target_groups": list(environment.target_groups), "color": environment.color}
        given = target if deadline is None else {**target, "retain_until": deadline}
        if self._lingers:
            yield Stage("idle", f"wait until nobody uses {environment.color}", given)
        if "before_teardown" in self.definition.hooks:
            yield Stage("leave", f"mark {group.name} as leaving", given)
        yield from self._hook("before_teardown", color=environment.color)
        yield Stage("teardown", f"drain and remove {group.name}", given, ({"group": group.name}, {}))

    def _hook(self, name: str, **more: Any) -> Iterator[Stage]:
        if path := self.definition.hooks.get(name):
            yield Stage("hook", f"run hook {name}", {"name": name, "file": path, **more})

    # -- when, and in which steps

    @property
    def steps(self) -> list[Step]:
        return remaining(self.definition.shift.steps, self.idle.weight)

    @property
    def _lingers(self) -> bool:
        """Whether clients may come to an old environment after it has lost its weight, so that this is waited for. The
        removal itself reads whether it has weight."""
        sticky = self.definition.shift.stickiness_seconds or any(route.sticky for route in self.service.routes)
        return bool(self.definition.quiet_seconds or sticky or self.service.in_front)

    def _is_due(self, environment: Environment) -> bool:
        """Whether the group is to be removed now: its retention has ended, or a removal that died has left it."""
        group = environment.group
        if group is None or self.service.is_shifting:
            return False
        return group.marks.leaving is not None or group.retention_is_over(self.at)

    @property
    def _frozen(self) -> Freeze | None:
        """A freeze that nobody passes."""
        freeze, override = self.service.freeze, self.definition.gates.override
        return freeze if freeze and freeze.holds(self.at) and not override.allows("freeze") else None

    def _deadline(self, environment: Environment) -> str:
        group = environment.group
        return group.retain_until.isoformat() if group and group.retain_until else ""
