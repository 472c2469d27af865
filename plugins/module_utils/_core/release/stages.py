# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages that a plan can have: where their tasks stand, and what a person reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class At(NamedTuple):
    """The place of a stage's tasks: the role, and the file among its tasks. A line says that the stage begins when
    ``opens`` does, and another that it has ended when ``closes`` has; both are modules, each once in the file."""

    role: str
    tasks: str
    opens: str
    closes: str


TASKS: Mapping[str, At] = {
    "declare": At("swap", "declare", "settle", "settle"),
    "label": At("swap", "declare", "settle", "settle"),
    "resume": At("swap", "resume", "environment_mark", "environment_mark"),
    "join": At("provision", "join", "route_weights", "route_weights"),
    "provision": At("provision", "main", "autoscaling_clone", "target_registration"),
    "first": At("provision", "first", "target_registration", "settle"),
    "aim": At("verify", "aim", "route_weights", "route_weights"),
    "verify": At("verify", "main", "http_check", "http_check"),
    "look": At("swap", "look", "bake", "bake"),
    "prepare": At("swap", "prepare", "autoscaling_capacity", "autoscaling_capacity"),
    "shift": At("swap", "shift", "route_weights", "bake"),
    "shift_or_pause": At("swap", "shift_or_pause", "route_weights", "bake"),
    "approve": At("swap", "approve", "bake", "bake"),
    "settle": At("swap", "settle", "settle", "settle"),
    "release_pin": At("swap", "release_pin", "autoscaling_capacity", "autoscaling_capacity"),
    "idle": At("teardown", "idle", "traffic_check", "traffic_check"),
    "return": At("release", "return", "traffic_return", "candidate_reject"),
    "leave": At("teardown", "leave", "autoscaling_clone", "autoscaling_clone"),
    "teardown": At("teardown", "main", "autoscaling_clone", "autoscaling_clone"),
    "hook": At("release", "hook", "service_info", ""),
}


def how_to_approve(weight: int) -> str:
    """The command, with places for the host and its inventories."""
    return (
        f"To approve: ansible-playbook switchyard.bluegreen.approve -i {{inventory}} --limit {{host}} "
        f"-e bluegreen_approve_weight={weight}. To return the traffic instead: rollback.yml."
    )


@dataclass(frozen=True)
class Stage:
    """``do`` is a key of :data:`TASKS`, ``title`` what a person reads, and ``given`` what its tasks are given (``hint``
    is shown when the stage begins). ``changes`` are what was before and what is after it, each as the stage before has
    left it."""

    do: str
    title: str
    given: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None

    def diff(self) -> dict[str, Any]:
        """As Ansible shows a difference."""
        before, after = self.changes or ({}, {})
        return {"before_header": self.title, "after_header": self.title, "before": dict(before), "after": dict(after)}

    def as_data(self) -> dict[str, Any]:
        return {"do": self.do, "title": self.title, **TASKS[self.do]._asdict(), **self.given}
