# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for an instance refresh, and reports why it did not succeed."""

from __future__ import annotations

from collections.abc import Callable

from ..._aws.refresh import rolling
from ..._aws.targets import activities
from ..._core.base.errors import BluegreenError
from ..._core.refresh.state import SUCCESSFUL, Refresh
from ..._core.targets.activities import Activity, advice, failed_launches
from ..base.run import Run
from ..base.wait import poll

LONGEST_PAUSE = 5.0  # seconds


def read_refreshes(run: Run, group: str) -> list[Refresh]:
    return [Refresh.read(each) for each in rolling.describe_latest_refreshes(run.client("autoscaling"), group)]


def await_percentage(run: Run, refresh: Refresh, percentage: int | None, timeout: float) -> Refresh:
    """Until so much is replaced, where a checkpoint holds it, or until all is over."""

    def enough(seen: Refresh) -> bool:
        return percentage is not None and seen.passed(percentage)

    seen = _watch(run, refresh, enough, timeout)
    if not seen.active and seen.status != SUCCESSFUL:
        raise _failure(run, seen)
    return seen


def await_end(run: Run, refresh: Refresh, wanted: str, timeout: float) -> Refresh:
    seen = _watch(run, refresh, lambda _seen: False, timeout)
    if seen.status != wanted:
        raise _failure(run, seen)
    return seen


def _watch(run: Run, refresh: Refresh, enough: Callable[[Refresh], bool], timeout: float) -> Refresh:
    client, said = run.client("autoscaling"), ""

    def look() -> Refresh:
        nonlocal said
        found = rolling.describe_refresh(client, refresh.group, refresh.id)
        seen = Refresh.read(found) if found else refresh
        if seen.message() != said:
            said = seen.message()
            run.progress(said)
        return seen

    doing = f"waiting for the instance refresh of {refresh.group}"
    seen = poll(
        run, doing, look, lambda each: not each.active or enough(each), timeout, LONGEST_PAUSE, standing=Refresh.message
    )
    if seen.active and not enough(seen):
        raise BluegreenError(
            f"{seen.message()} It has not ended within {timeout:g} seconds, and continues. Run again to wait for it, "
            "or rollback.yml to roll it back.",
            refresh=seen.as_data(),
        )
    return seen


def _failure(run: Run, refresh: Refresh) -> BluegreenError:
    """AWS's reason, and what its activities since the start show about the instances that did not become healthy."""
    found = map(Activity.read, activities.describe_activities(run.client("autoscaling"), refresh.group))
    since = [each for each in found if refresh.started is None or each.started >= refresh.started]
    lost = sorted({each.instance for each in since if each.loses and each.instance})
    failed = next(iter(failed_launches(since)), None)
    said = [refresh.message()]
    if refresh.rollback_reason and refresh.rollback_reason not in refresh.reason:
        said.append(f"It was rolled back: {refresh.rollback_reason}")
    if lost:
        said.append(f"Instances that did not become healthy: {', '.join(lost)}.")
    if failed and failed.message:
        said.append(f"{failed.reason}. {advice(failed.reason)}")
    return BluegreenError(" ".join(said), refresh=refresh.as_data(), lost=lost)
