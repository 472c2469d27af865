# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What target_registration takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..base.leased import Leased
from ..base.options import Options


@dataclass(frozen=True, kw_only=True)
class TargetOptions(Options):
    id: str
    port: int | None = None
    availability_zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class RegistrationOptions(
    Leased,
    checks_lease="before_write",
    mutually_exclusive=[("targets", "autoscaling_group")],
    required_one_of=[("targets", "autoscaling_group")],
    required_if=[("purge", True, ["targets"])],
):
    target_group: str
    targets: Sequence[TargetOptions] | None = None
    autoscaling_group: str | None = None
    state: Literal["present", "absent"] = "present"
    purge: bool = False
    wait: bool = True
    wait_timeout: int | None = None
    healthy_reads: int = 3
