# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads alarms by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ..._aws.bake import cloudwatch
from ..._aws.base.batches import batches
from ..._aws.base.errors import AwsError
from ..._core.bake.alarms import Alarm, in_order
from ..base.run import Run, together
from ..base.wait import poll

FIRST_PAUSE = 5.0  # seconds; an alarm is about whole minutes


def read_alarms(run: Run, names: Sequence[str]) -> list[Alarm]:
    """Every named alarm; one that AWS does not return has state MISSING."""
    return in_order(names, [Alarm.read(item) for item in describe_alarms(run, names)])


def await_quiet(run: Run, names: Sequence[str], resources: Sequence[str], timeout: float) -> list[Alarm] | None:
    """Until no alarm that is only about these resources is in state ALARM, or the time has ended. Such an alarm of an
    environment without traffic is about what was there before. A call that fails is made again: what cannot be read at
    all is for the bake to judge.

    Every named alarm as the last look has shown it; None if there was no such look.
    """
    if timeout <= 0 or run.check_mode:
        return None

    def look() -> list[Alarm] | AwsError:
        try:
            return read_alarms(run, names)
        except AwsError as error:
            return error

    def loud(seen: list[Alarm] | AwsError) -> str:
        """What is not quiet yet."""
        if isinstance(seen, AwsError):
            return f"the alarms cannot be read: {seen}"
        in_alarm = [alarm.name for alarm in seen if alarm.in_alarm and alarm.only_about(resources)]
        return f"{', '.join(in_alarm)} in alarm" if in_alarm else ""

    doing = "waiting until no alarm about what ran in this environment before is in state ALARM"
    last = poll(run, doing, look, lambda seen: not loud(seen), timeout, first=FIRST_PAUSE, standing=loud)
    return None if isinstance(last, AwsError) else last


def describe_alarms(run: Run, names: Sequence[str]) -> list[dict[str, Any]]:
    """As AWS returns them; those that do not exist are left out."""
    if not names:
        return []
    describe = partial(cloudwatch.describe_alarms, run.client("cloudwatch"))
    answers = together(*[partial(describe, batch) for batch in batches(names, cloudwatch.MOST_NAMES)])
    return [item for answer in answers for item in answer]
