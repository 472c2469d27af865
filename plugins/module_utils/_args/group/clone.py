# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What autoscaling_clone takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..base.leased import Leased
from ..base.options import Color, option


@dataclass(frozen=True, kw_only=True)
class CloneOptions(
    Leased,
    required_if=[
        ("state", "present", ["source", "color", "image_id", "target_groups"]),
        ("state", "leaving", ["name"]),
        ("state", "absent", ["name"]),
    ],
):
    state: Literal["present", "leaving", "absent"] = "present"
    service: str
    color: Color | None = None
    source: str | None = None
    name: str | None = None
    image_id: str | None = None
    release: str | None = None
    run: str | None = None
    target_groups: Sequence[str] | None = None
    twins: Mapping[str, Any] = field(default_factory=dict)
    headroom_percent: int = 0
    user_data: str | None = option(None, no_log=True)
    user_data_sha256: str | None = None
    routes: Sequence[Any] = ()
    test_route: str | None = None
    retain_until: str | None = None
    reason: str = "It is being removed."
    drain_timeout: int | None = None
    spread_seconds: int = 0
    keep_versions: int | None = None
    force: bool = False
    wait: bool = True
    wait_timeout: int | None = None
