# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends an instance refresh before it is over: AWS cancels it, or rolls it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..._args.refresh.roll import RefreshOptions
from ..._aws.base.errors import AwsError
from ..._aws.refresh import rolling
from ..._core.refresh.result import RefreshResult
from ..._core.refresh.state import CANCELED, CANCELING, Refresh, under_way
from ..base.retry_in_use import when_free
from ..base.run import Run
from .wait import await_end, read_refreshes


def cancel(options: RefreshOptions, run: Run, active: Refresh | None) -> RefreshResult:
    name = options.group
    if active and active.status != CANCELING and not run.check_mode:
        active = stop(run, active, rolling.cancel_refresh)
    if active is None:
        return RefreshResult.nothing(f"No instance refresh of {name} is in progress.")
    ended = await_stop(options, run, active, CANCELED)
    said = f"The instance refresh of {name} is canceled. What it has replaced stays as it is."
    return RefreshResult.ended("cancel", ended, "canceled", said)


def stop(run: Run, active: Refresh, call: Callable[[Any, str], None]) -> Refresh | None:
    """What is in progress once AWS was asked by this call to cancel it or to roll it back; None when it has ended since
    it was read. AWS refuses to stop one that is on its way back already."""
    try:
        when_free(run, partial(call, run.client("autoscaling"), active.group))
    except AwsError as error:
        if error.code != "ActiveInstanceRefreshNotFound":
            raise
        return under_way(read_refreshes(run, active.group))
    return active


def await_stop(options: RefreshOptions, run: Run, active: Refresh, wanted: str) -> Refresh:
    """The refresh once it has the status that is wanted, where the task waits for that."""
    waits = options.wait and not run.check_mode
    return await_end(run, active, wanted, options.wait_timeout) if waits else active
