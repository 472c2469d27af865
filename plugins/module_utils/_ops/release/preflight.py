# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds whatever would make a release fail, before its first write, and tells it all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.group import autoscaling
from ..._aws.traffic import target_groups
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refuse
from ..._core.base.tags import COLOR, SERVICE
from ..._core.launch.instance_types import misfits
from ..._core.launch.template_changes import change_message
from ..._core.refresh.state import under_way
from ..._core.release.gates import find_closed_gates
from ..._core.release.windows import parse_windows
from ..._core.service.environments import Service
from ..._core.service.override import Override
from ..._core.traffic.decisions import plan_split
from ..._core.traffic.sessions import check_stickiness, check_targets
from ..base.run import Run, together
from ..refresh.wait import read_refreshes
from ..traffic.kinds import check_changes
from ..traffic.references import read_strays
from .plan import Plan, plan_run
from .preflight_capacity import find_group_limit, find_lack_of_addresses, find_lack_of_vcpus, find_target_limit
from .preflight_removal import find_retained
from .preflight_shift import (
    find_bad_hooks,
    find_bad_metrics,
    find_bad_strategy,
    find_lack_of_forks,
    find_lack_of_watch,
    find_loud_alarms,
    find_stable_down,
)
from .preflight_targets import find_idle_strangers, find_several_target_groups, find_stable_strangers
from .release_inputs import ReleaseInputs

Options = Mapping[str, Any]
Finder = Callable[[Options, Run, ReleaseInputs], list[str]]

# AWS did answer: what the group names does not exist (Error codes for the Amazon EC2 API).
NOT_THERE = ("InvalidInstanceType", "InvalidSubnetID")


def preflight(options: Options, run: Run) -> dict[str, Any]:
    """The work of module preflight. Reads only, so check mode makes no difference."""
    return examine(options, run).result(run)


@dataclass(frozen=True)
class Examined:
    """A run that nothing prevents. ``said`` is for a person, ``unchecked`` what was not looked at, ``warned`` this and
    all else to be warned of, ``changes`` what a candidate would have otherwise than what is live."""

    plan: Plan
    said: str
    unchecked: Sequence[str] = ()
    warned: Sequence[str] = ()
    changes: Sequence[Mapping[str, Any]] = ()

    def result(self, run: Run) -> dict[str, Any]:
        return {
            "changed": False,
            "service": self.plan.service.as_data(_now(run)) if self.plan.service else None,
            **self.plan.as_data(),
            "findings": [],
            "unchecked": list(self.unchecked),
            "shape_changes": list(self.changes),
            "warnings": list(self.warned),
            "msg": self.said,
        }


def examine(options: Options, run: Run, known: Sequence[str] = ()) -> Examined:
    """An error with all findings, after those that are ``known`` already.

    What a release needs for certain is refused when it can't be read: the service, the image, the alarms, the group to
    build from. What cannot be proven to prevent it, such as a quota, is not; then a warning says that it was not
    checked.
    """
    report = Report()
    plan = plan_run(options, run, report)
    service, release = plan.service, plan.release
    if plan.is_empty and not report.findings and not known:
        return Examined(plan, plan.summary)
    if service:
        report.of(_check_sessions, options["stickiness_seconds"], service, run)
        report.of(_check_weights, service, run)
    windows = report.of(parse_windows, options["windows"]) or []
    gated = {"provision", "swap"} & set(options["stages"])
    closed = find_closed_gates(service.as_data(_now(run)), windows, _now(run)) if service and gated else {}
    override = report.of(Override.parse, options["override"]) or Override()
    passed = {gate: sentence for gate, sentence in closed.items() if override.allows(gate)}
    inputs = ReleaseInputs(options, release, run, service)
    finders = _finders(options["stages"])
    asked = iter(together(*[partial(_ask, find, options, run, inputs) for kind in finders for find in kind]))
    required, proven, noticed = ([next(asked) for _find in kind] for kind in finders)
    found = [*known, *report.findings, *(sentence for gate, sentence in closed.items() if gate not in passed)]
    found += [finding for findings, unread in required for finding in [*findings, *unread]]
    found += [finding for findings, _unread in proven for finding in findings]
    unread = dict.fromkeys(why for _findings, unread in [*proven, *noticed] for why in unread)
    unchecked = [f"Not checked. {why}" for why in unread if why not in found]
    if options["service"] and service is None:
        unchecked.append(f"Not checked. What {options['service']} would be built from and its room: it cannot be read.")
    warned = [*unchecked, *(remark for remarks, _unread in noticed for remark in remarks)]
    refuse("This cannot be released", list(dict.fromkeys(found)), {"unchecked": unchecked, "warnings": warned})
    changes = inputs.template_changes() if release.source else []
    said = [
        "Nothing was found that prevents a release.",
        *(change_message(str(release.source), each) for each in changes),
    ]
    overridden = [f"{sentence} Overridden: {override.reason}" for sentence in passed.values()]
    return Examined(plan, " ".join([*said, *plan.remarks, *overridden]), unchecked, warned, changes)


def _now(run: Run) -> datetime:
    return datetime.fromtimestamp(run.clock.now(), UTC)


def _ask(find: Finder, options: Options, run: Run, inputs: ReleaseInputs) -> tuple[list[str], list[str]]:
    """The findings, and why there are none: what cannot be read does not hide what else is found."""
    try:
        return find(options, run, inputs), []
    except AwsError as error:
        return ([str(error)], []) if error.code.startswith(NOT_THERE) else ([], [str(error)])
    except BluegreenError as error:
        return [], [str(error)]


def _check_sessions(seconds: int | None, service: Service, run: Run) -> None:
    check_stickiness(seconds, service.routes)
    if seconds == 0:
        arns = [arn for environment in service.environments.values() for arn in environment.target_groups]
        client = run.client("elbv2")
        attributes = together(*[partial(target_groups.describe_attributes, client, arn) for arn in arns])
        for arn, its in zip(arns, attributes, strict=True):
            check_targets(arn, its)


def _check_weights(service: Service, run: Run) -> None:
    """Whether the routes could be given weights, whichever; these are what the release begins with."""
    percents = {service.stable: 100, service.candidate: 0}
    check_changes(run, [plan_split(route, percents) for route in service.routes])


def _image(options: Options, _run: Run, inputs: ReleaseInputs) -> list[str]:
    if options["image_id"] is not None:
        inputs.image()
    return []


def _source(_options: Options, _run: Run, inputs: ReleaseInputs) -> list[str]:
    if inputs.release.source is not None:
        inputs.group()
    return []


def _name(_options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    """The module that makes the first group would change one that has its name, and take it for the service's."""
    if inputs.release.definition is None:
        return []
    name = str(inputs.release.source)
    if not autoscaling.describe_groups(run.client("autoscaling"), names=[name]):
        return []
    return [
        f"The first group is to be called {name}, but there is such a group, without the tags that make it the "
        f"service's. If it runs the service, tag it with {SERVICE} and {COLOR}; if not, delete it."
    ]


def _fit(options: Options, _run: Run, inputs: ReleaseInputs) -> list[str]:
    if None in (options["image_id"], inputs.release.source):
        return []
    return misfits(inputs.image(), inputs.types())


def _template_changes(options: Options, _run: Run, inputs: ReleaseInputs) -> list[str]:
    """Read in any case, for it is shown; a reason to refuse only for those who say so."""
    if inputs.release.source is None:
        return []
    found = [change_message(inputs.release.source, change) for change in inputs.template_changes()]
    return found if options["shape_change"] == "refuse" else []


def _rolled(_options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    """An instance refresh would replace stable's instances while the traffic moves, and what the next is built from."""
    source = inputs.release.source
    if source is None or inputs.release.definition is not None:
        return []
    active = under_way(read_refreshes(run, source))
    return [f"{active.message()} Wait until that is over, or take it back with rollback.yml first."] if active else []


def _strays(options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    """A release leaves them alone, and the removal of what they lead to would be refused."""
    service = inputs.service
    if service is None:
        return []
    groups = [arn for environment in service.environments.values() for arn in environment.target_groups]
    return [
        f"{stray.message(groups)} and is not one of the routes of {service.name}, so a release does not move its "
        "requests. Add it to bluegreen_routes, or let it forward elsewhere: an environment that it sends requests to "
        "is not removed."
        for stray in read_strays(run, service, groups, options["test_route"])
    ]


REQUIRED: tuple[Finder, ...] = (
    _image,
    _source,
    _name,
    _template_changes,
    find_several_target_groups,
    find_idle_strangers,
    find_loud_alarms,
    find_bad_strategy,
    find_bad_metrics,
    find_bad_hooks,
)
PROVEN: tuple[Finder, ...] = (
    _fit,
    _rolled,
    find_group_limit,
    find_lack_of_addresses,
    find_lack_of_vcpus,
    find_target_limit,
    find_retained,
)
NOTICED: tuple[Finder, ...] = (_strays, find_stable_strangers, find_lack_of_forks, find_lack_of_watch, find_stable_down)
SHIFT: tuple[Finder, ...] = (find_idle_strangers, find_loud_alarms, find_bad_strategy, find_bad_metrics, find_bad_hooks)


def _finders(stages: Sequence[str]) -> tuple[tuple[Finder, ...], ...]:
    """Required, proven, noticed. A run that builds nothing needs neither an image nor room."""
    if "provision" in stages:
        return REQUIRED, PROVEN, NOTICED
    return (SHIFT, (), NOTICED) if "swap" in stages else ((find_bad_hooks,), (), ())
