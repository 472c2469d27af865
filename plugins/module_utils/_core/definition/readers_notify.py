# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the targets of notifications are read. URLs and secrets are quoted nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..base.errors import BluegreenError
from ..notify.notice import EVENTS
from ..notify.target import Recipient
from . import values
from .shapes import WORD, read_shape, read_unquoted
from .shapes_known import TARGET
from .values import ParseYaml


def read_notify(given: Any, parse_yaml: ParseYaml) -> list[dict[str, Any]]:
    """What was given for each target of notifications."""
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
    return read_unquoted(values.read_list, "a list of targets", given, parse_yaml)


def _target(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise BluegreenError("It is not a mapping, such as {sns: ARN}.")
    said = read_shape(TARGET, given, secret=True)
    if any(not WORD.fullmatch(each) for each in said["events"]):
        raise BluegreenError(f"Something in it stands where an event is expected. Known are {', '.join(EVENTS)}.")
    said["events"] = [values.read_choice(each, EVENTS) for each in said["events"]]
    Recipient.parse(said)
    return {key: value for key, value in said.items() if value}
