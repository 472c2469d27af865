# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a watch: what is to be done for a service that no run is changing, mostly nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..._args.release.plan import PlanOptions
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import refuse
from ..._core.base.works import ROLLBACK
from ..._core.definition.service import Definition
from ..._core.lease.contest import Holder
from ..._core.release.bring_up import NOTHING, BringUp
from ..._core.release.parts import ReleaseParts
from ..._core.release.planner import Planner
from ..._core.release.stages import Stage
from ..._core.release.watch import (
    REMOVE,
    RETURN,
    ROLL_BACK,
    Due,
    find_due,
    stage_of_return,
    stage_of_rollback,
    wanted_of,
)
from ..._core.service.environments import Service
from ..._core.service.way_back import find_way_back
from ..bake.alarms import read_alarms
from ..base.run import Run
from ..lease.holder import stored_holder
from ..service.found import find_service
from .planned import Beginning

CANNOT = "This service cannot be watched"
ALARMS = ("bluegreen_alarms:", "bluegreen_event_alarm:")  # as findings begin that are about them

Plan = Callable[[PlanOptions, Run], dict[str, Any]]


def watch(options: PlanOptions, run: Run, plan: Plan) -> dict[str, Any]:
    """With as few calls as it takes to see that there is nothing to do. ``plan`` is that of a release.

    The service is read as it is found, for a return of the traffic does not wait until every tag and every variable is
    corrected; a release does.
    """
    beginning = Beginning.read(options, run)
    refuse(CANNOT, options.findings, {"asked": beginning.asked, "warnings": options.remarks})
    found = find_service(run, beginning.definition.place, groups=True)
    service, holders = found.service, [found.service.holder, _stored_holder(run, beginning.definition)]
    due = find_due(service, holders, beginning.definition.watch, beginning.now)
    if due.alarm:
        due = _confirmed(run, beginning, due)
    _check_doubts(options, beginning, due)
    if due.parts:
        try:
            return _as_watch(due, plan(_taken_on(options, service, due.parts), run))
        except BluegreenError as error:
            due = due.instead(service, error)
    stages = _stages(beginning, service, due)
    warned = [*options.remarks, *options.doubts, *found.broken, *found.warnings]
    planned = beginning.planned(run, service, stages, _found(service, due, warned), acts=bool(stages))
    return _as_watch(due, planned | ({"doing": ROLLBACK} if due.do == ROLL_BACK else {}))


def _as_watch(due: Due, planned: dict[str, Any]) -> dict[str, Any]:
    """``yields``: who was faster to take the lease has the service, and that is no failure."""
    return {**planned, "watch": due.as_data(), "asked": {**planned["asked"], "yields": True}}


def _stored_holder(run: Run, definition: Definition) -> Holder | None:
    """A store that does not answer is an error: a run that lives is not to lose its traffic."""
    return stored_holder(run, definition.store, definition.place.name) if definition.store else None


def _taken_on(options: PlanOptions, service: Service, parts: ReleaseParts) -> PlanOptions:
    """The same release again: what it had brought up, and the parts that it was for."""
    candidate = service.candidate_environment.group
    runs = {"image_id": candidate.image_id, "release": candidate.release} if candidate else {}
    said, findings = {**options.definition, **runs}, [*options.findings, *options.doubts]
    return replace(options, stages=parts.names, definition=said, findings=findings, max_failed=None)


def _confirmed(run: Run, beginning: Beginning, due: Due) -> Due:
    """An event may be late, or come again: the alarm must be in state ALARM now. Without an environment to return to, a
    person has to know."""
    definition = beginning.definition
    (alarm,) = read_alarms(run, [due.alarm])
    if not alarm.in_alarm:
        return Due(why=f"{due.why} It is no longer in state ALARM.")
    if due.do != ROLL_BACK:
        return replace(due, why=f"{due.why} {alarm}")
    way = find_way_back(find_service(run, definition.place, groups=True, health=True).service)
    if way.to is None or way.in_place:
        raise BluegreenError(f"{due.why} A watch cannot take it back: {way.reason}", asked=beginning.asked)
    return replace(due, why=f"{due.why} {alarm}")


def _check_doubts(options: PlanOptions, beginning: Beginning, due: Due) -> None:
    """With a default in place of what cannot be read, a candidate would go too early or without its hook, and an alarm
    of the service would be taken for another one's."""
    is_unknown_alarm = options.definition["event_alarm"] and any(each.startswith(ALARMS) for each in options.doubts)
    if due.do == REMOVE or (not due.do and is_unknown_alarm):
        refuse(CANNOT, options.doubts, {"asked": beginning.asked, "warnings": options.remarks})


def _stages(beginning: Beginning, service: Service, due: Due) -> list[Stage]:
    if due.do == RETURN:
        return [stage_of_return(service, due.why)]
    if due.do == ROLL_BACK:
        return [stage_of_rollback(service, due.why)]
    if due.do == REMOVE:
        planner = Planner(
            service=service,
            bring_up=BringUp(NOTHING),
            asked=wanted_of(service, due),
            definition=beginning.definition,
            parts=beginning.parts,
            at=beginning.now,
        )
        return planner.removal(service.candidate_environment)
    return []


def _found(service: Service, due: Due, warned: list[str]) -> Mapping[str, Any]:
    """The same keys as those of a release."""
    return {
        "brings_up": NOTHING,
        "replaces": None,
        "relabels": None,
        "wanted": wanted_of(service, due).as_data(),
        "findings": [],
        "unchecked": [],
        "shape_changes": [],
        "warnings": warned,
        "msg": due.why or f"Nothing of {service.name} is left over.",
    }
