# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is known when it is decided whether a release may begin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from ..definition.service import Definition
from ..service.environments import Environment, Service
from .bring_up import CANDIDATE, BringUp
from .facts import Facts
from .intent import Intent


@dataclass(frozen=True)
class Case:
    """``stages`` are the parts of a release that the run is for; ``services`` are released side by side, by this many
    ``forks`` of Ansible, with this ``strategy``."""

    definition: Definition
    intent: Intent
    facts: Facts
    stages: Collection[str]
    at: datetime
    services: int = 1
    forks: int | None = None
    strategy: str | None = None

    @property
    def service(self) -> Service | None:
        return self.intent.service

    @property
    def bring_up(self) -> BringUp:
        return self.intent.bring_up

    @property
    def environments(self) -> list[Environment]:
        return list(self.service.environments.values()) if self.service else []

    @property
    def shifts(self) -> bool:
        """Whether the run is to bring a candidate up, or traffic to it."""
        return self.bring_up.kind == CANDIDATE and not set(self.stages) <= {"verify", "teardown"}

    @property
    def rolls(self) -> bool:
        return "roll" in self.stages
