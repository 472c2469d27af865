# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until a group's scaling knows of the traffic that has come to it."""

from __future__ import annotations

from ..._aws.group.parts import describe_policies
from ..._core.bake.alarms import IN_ALARM
from ..._core.group.scale_in import alarms_that_scale_in
from ..bake.alarms import read_alarms
from ..base.run import Run
from ..base.wait import poll

FIRST_PAUSE = 5.0  # seconds; such an alarm is about whole minutes


def await_load(run: Run, group: str, timeout: float) -> bool:
    """Until no alarm that would scale it in is in state ALARM, or the time has ended: then the load is really low.
    After a time without traffic, an alarm stays in that state until its metric, minutes late, shows the traffic. AWS
    repeats the alarm's action meanwhile, and would act on it as soon as the minimum allows it. Whether there are such
    alarms.
    """
    names = alarms_that_scale_in(describe_policies(run.client("autoscaling"), group)) if timeout > 0 else []
    if not names:
        return False
    doing = f"waiting until no alarm scales {group} in because of the time before it had traffic"
    run.progress(doing)
    poll(
        run,
        doing,
        lambda: [alarm.name for alarm in read_alarms(run, names) if alarm.state == IN_ALARM],
        lambda found: not found,
        timeout,
        first=FIRST_PAUSE,
        standing=lambda found: f"{', '.join(found)} in alarm",
    )
    return True
