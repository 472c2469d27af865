# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is known when it is decided whether a release may begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..definition.service import Definition
from ..service.environments import Environment, Service
from .bring_up import CANDIDATE, BringUp
from .facts import Facts
from .intent import Intent
from .parts import ReleaseParts


@dataclass(frozen=True)
class Case:
    """``services`` are released side by side, by this many ``forks`` of Ansible, with this ``strategy``."""

    definition: Definition
    intent: Intent
    facts: Facts
    at: datetime
    services: int = 1
    forks: int | None = None
    strategy: str | None = None

    @property
    def service(self) -> Service | None:
        return self.intent.service

    @property
    def parts(self) -> ReleaseParts:
        return self.intent.parts

    @property
    def bring_up(self) -> BringUp:
        return self.intent.bring_up

    @property
    def environments(self) -> list[Environment]:
        return list(self.service.environments.values()) if self.service else []

    @property
    def shifts(self) -> bool:
        """Whether the run is to bring a candidate up, or traffic to it."""
        return self.bring_up.kind == CANDIDATE and self.parts.releases
