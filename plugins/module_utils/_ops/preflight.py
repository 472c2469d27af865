# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds whatever would make a release fail, before its first write, and tells it all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .._core.alarms import NO_DATA, QUIET
from .._core.errors import BluegreenError
from .._core.findings import refuse
from .._core.steps import find_step_problems
from .alarms import read_alarms
from .images import read_image
from .run import Run, together

Options = Mapping[str, Any]
Finder = Callable[[Options, Run], list[str]]


def preflight(options: Options, run: Run) -> dict[str, Any]:
    """The work of module preflight. Reads only, so check mode makes no difference."""
    found = together(*[partial(_found_by, find, options, run) for find in FINDERS])
    refuse("This cannot be released", [finding for findings in found for finding in findings])
    return {"changed": False, "findings": [], "msg": "Nothing was found that stands against a release."}


def _found_by(find: Finder, options: Options, run: Run) -> list[str]:
    """What cannot be read is a finding like others, and does not hide them."""
    try:
        return find(options, run)
    except BluegreenError as error:
        return [str(error)]


def _image(options: Options, run: Run) -> list[str]:
    if options["image_id"] is not None:
        read_image(run, options["image_id"])
    return []


def _alarms(options: Options, run: Run) -> list[str]:
    """A release under an alarm that rings already would be returned at its first step."""
    alarms = read_alarms(run, options["alarms"])
    return [str(alarm) for alarm in alarms if alarm.state not in (QUIET, NO_DATA)]


def _steps(options: Options, _run: Run) -> list[str]:
    return [] if options["steps"] is None else find_step_problems(options["steps"])


FINDERS: tuple[Finder, ...] = (_image, _alarms, _steps)
