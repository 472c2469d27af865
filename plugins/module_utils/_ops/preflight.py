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
from .._core.instance_types import misfits
from .._core.shape import told
from .._core.strategies import parse_strategy
from .alarms import read_alarms
from .ground import Ground
from .preflight_capacity import find_group_limit, find_lack_of_addresses, find_lack_of_vcpus, find_target_limit
from .run import Run, together

Options = Mapping[str, Any]
Finder = Callable[[Options, Run, Ground], list[str]]


def preflight(options: Options, run: Run) -> dict[str, Any]:
    """The work of module preflight. Reads only, so check mode makes no difference.

    What a release needs for certain is refused when it can't be read: the image, the alarms, the group to build from.
    What stands against it only if it is proven, such as a quota, is not; then a warning tells that nobody looked.
    """
    ground = Ground(options, run)
    answers = together(*[partial(_ask, find, options, run, ground) for find in (*REQUIRED, *PROVEN)])
    required, proven = answers[: len(REQUIRED)], answers[len(REQUIRED) :]
    found = [finding for findings, unread in required for finding in [*findings, *unread]]
    found += [finding for findings, _unread in proven for finding in findings]
    unread = dict.fromkeys(why for _findings, unread in proven for why in unread)
    unchecked = [f"Not checked. {why}" for why in unread if why not in found]
    refuse("This cannot be released", list(dict.fromkeys(found)), {"unchecked": unchecked})
    changes = ground.shape() if options["source"] is not None else []
    said = ["Nothing was found that stands against a release.", *(told(options["source"], each) for each in changes)]
    return {
        "changed": False,
        "findings": [],
        "unchecked": unchecked,
        "shape_changes": changes,
        "warnings": unchecked,
        "msg": " ".join(said),
    }


def _ask(find: Finder, options: Options, run: Run, ground: Ground) -> tuple[list[str], list[str]]:
    """The findings, and why there are none: what cannot be read does not hide what else is found."""
    try:
        return find(options, run, ground), []
    except BluegreenError as error:
        return [], [str(error)]


def _image(options: Options, _run: Run, ground: Ground) -> list[str]:
    if options["image_id"] is not None:
        ground.image()
    return []


def _source(options: Options, _run: Run, ground: Ground) -> list[str]:
    if options["source"] is not None:
        ground.group()
    return []


def _fit(options: Options, _run: Run, ground: Ground) -> list[str]:
    if None in (options["image_id"], options["source"]):
        return []
    return misfits(ground.image(), ground.types())


def _alarms(options: Options, run: Run, _ground: Ground) -> list[str]:
    """A release under an alarm that rings already would be returned at its first step."""
    alarms = read_alarms(run, options["alarms"])
    return [str(alarm) for alarm in alarms if alarm.state not in (QUIET, NO_DATA)]


def _shape(options: Options, _run: Run, ground: Ground) -> list[str]:
    """Read in any case, for it is shown; a reason to refuse only for those who say so."""
    if options["source"] is None:
        return []
    found = [told(options["source"], change) for change in ground.shape()]
    return found if options["shape_change"] == "refuse" else []


def _strategy(options: Options, _run: Run, _ground: Ground) -> list[str]:
    parse_strategy(options["strategy"])
    return []


REQUIRED: tuple[Finder, ...] = (_image, _source, _shape, _alarms, _strategy)
PROVEN: tuple[Finder, ...] = (_fit, find_group_limit, find_lack_of_addresses, find_lack_of_vcpus, find_target_limit)
