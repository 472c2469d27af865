# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What definition takes: the definition of a service, as the action plugin has read it on the controller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..base.options import Options, option


@dataclass(frozen=True, kw_only=True)
class Said(Options):
    """What was read of the variables, and what is wrong with them."""

    definition: Mapping[str, Any] = option(hidden=True)
    findings: Sequence[str] = ()
    remarks: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class DefinitionOptions(Said, aws=False):
    work: Literal["rollback", "adopt", "status", "history", "approve", "freeze", "unfreeze", "store"]
