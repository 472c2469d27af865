# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the targets of notifications are read. URLs and secrets are quoted nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..base.errors import BluegreenError
from ..notify.notice import EVENTS
from ..notify.target import Target
from . import values
from .shapes import read_shape
from .shapes_known import TARGET
from .values import ParseYaml

WORD = re.compile(r"[a-z_-]{1,20}", re.IGNORECASE)  # may be quoted: a URL in a wrong place is as secret


def read_notify(given: Any, parse_yaml: ParseYaml) -> list[dict[str, Any]]:
    """Of each target what was given."""
    targets, problems = [], []
    for number, each in enumerate(_listed(given, parse_yaml), 1):
        try:
            targets.append(_target(each))
        except BluegreenError as error:
            problems.append(f"Target {number}: {error}")
    if problems:
        raise BluegreenError(" ".join(problems))
    return targets


def _listed(given: Any, parse_yaml: ParseYaml) -> list[Any]:
    """One mapping is a list of one."""
    with suppress(BluegreenError):
        return [values.read_mapping(given, parse_yaml)]
    try:
        return values.read_list(given, parse_yaml)
    except BluegreenError:
        raise BluegreenError("It is not a list of targets.") from None


def _target(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise BluegreenError("It is not a mapping, such as {sns: ARN}.")
    if any(not WORD.fullmatch(str(key)) for key in given):
        raise BluegreenError(f"Something in it stands where a key is expected. Known are {', '.join(TARGET)}.")
    said = read_shape(TARGET, given)
    if any(not WORD.fullmatch(each) for each in said["events"]):
        raise BluegreenError(f"Something in it stands where an event is expected. Known are {', '.join(EVENTS)}.")
    said["events"] = [values.read_choice(each, EVENTS) for each in said["events"]]
    Target.parse(said)
    return {key: value for key, value in said.items() if value}
