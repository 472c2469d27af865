# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes an environment's Auto Scaling group with its instances."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from .._aws import autoscaling
from .._core.errors import BluegreenError
from .._core.removal import check_removable, members
from .busy import when_free
from .run import Run
from .wait import poll

Group = Mapping[str, Any]


def remove(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """State absent of module autoscaling_clone."""
    name = options["name"]
    group = _read(run, name)
    if group is None:
        return {"changed": False, "group": None, "diff": {"before": {}, "after": {}}}
    check_removable(group, options["service"])
    leaving = "Status" in group  # only a group that is being deleted has one
    if not run.check_mode:
        if not leaving:
            delete = partial(autoscaling.delete_group, run.client("autoscaling"), name)
            when_free(run, delete, options["wait_timeout"])
        if options["wait"]:
            _wait_until_gone(run, name, options["wait_timeout"])
    return {
        "changed": not leaving,
        "group": None,
        "diff": {"before": {"name": name, "instances": members(group)}, "after": {}},
    }


def _read(run: Run, name: str) -> Group | None:
    return next(iter(autoscaling.describe_groups(run.client("autoscaling"), names=[name])), None)


def _wait_until_gone(run: Run, name: str, timeout: float) -> None:
    run.progress(f"waiting until the instances of {name} are terminated")
    group = poll(partial(_read, run, name), lambda seen: seen is None, run.clock, timeout)
    if group is not None:
        left = ", ".join(f"{instance} ({state})" for instance, state in members(group).items())
        raise BluegreenError(
            f"{name} is still being deleted after {timeout} s; instances left: {left or 'none'}. "
            "Run again to go on waiting.",
            instances=members(group),
        )
