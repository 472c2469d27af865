# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Auto Scaling group and the targets of its target groups, as they were seen at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..base.arns import target_group_name
from .members import Members
from .registration import Look, Target, health_of


@dataclass(frozen=True)
class Sight:
    """``targets`` by the ARN of their target group, the one that a task is about first."""

    members: Members
    targets: Mapping[str, Sequence[Target]]

    def look(self) -> Look:
        """Whether the group is as large as it should be, and everything of it healthy in each target group."""
        named = {target_group_name(arn): found for arn, found in self.targets.items()}
        healths = [health_of(self.members.serving, found, name) for name, found in named.items()]
        return Look([self.members.standing(), *healths], next(iter(self.targets.values())))
