# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides whether anything prevents a release, from what was read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..bake.alarms import quiet_after
from ..base.errors import BluegreenError
from ..launch.template_changes import change_message
from ..lease.contest import Holder
from ..traffic.cross_zone import stays_in_zone
from . import find_build as build
from . import find_fleet as fleet
from . import find_image as image
from . import find_judges as judges
from . import find_return as safety
from . import find_roll as roll
from . import find_session as session
from . import find_shift as shift
from . import find_store as store
from .case import Case
from .facts import NotThereError
from .gates import find_closed_gates, rival_of

Finder = Callable[[Case], list[str]]


def answered(fact: str) -> Finder:
    """Finds only why a fact cannot be read: that there is no such image, for example."""

    def find(case: Case) -> list[str]:
        if read := getattr(case.facts, fact):
            read()
        return []

    return find


# What a release needs for certain is refused when it can't be read: the service, the image, the alarms, the group to
# build from. What cannot be proven to prevent it, such as a quota, is not; then a warning says that it was not checked.
REQUIRED: tuple[Finder, ...] = (
    shift.find_bad_stickiness,
    answered("weights"),
    judges.find_checks_by_another_version,
    judges.find_metrics_of_another_balancer,
    safety.find_strange_routes,
    answered("image"),
    image.find_bad_image,
    build.find_bad_source,
    build.find_namesakes,
    build.find_refused_changes,
    build.find_several_target_groups,
    build.find_misfit_target_groups,
    build.find_lack_of_group_tags,
    roll.find_limits_of_refresh,
    roll.find_suspended_processes,
    roll.find_other_user_data,
    roll.find_parameter,
    shift.find_idle_strangers,
    judges.find_loud_alarms,
    session.find_short_session,
    store.find_unreachable_store,
)
PROVEN: tuple[Finder, ...] = (
    image.find_misfits,
    build.find_foreign_template,
    build.find_stray_root_volume,
    answered("balancer"),
    answered("changes"),
    answered("key_pair"),
    answered("security_groups"),
    build.find_refresh,
    roll.find_other_refresh,
    build.find_group_limit,
    build.find_zones_without_load_balancer,
    build.find_lack_of_addresses,
    build.find_lack_of_vcpus,
    build.find_target_limit,
    build.find_retained,
    answered("schedule_group"),
    safety.find_distrustful_role,
    safety.find_denied_role,
)
NOTICED: tuple[Finder, ...] = (
    image.find_outdated_image,
    build.find_followers,
    build.find_unweighted_traffic,
    build.find_hooks_left_out,
    build.find_groups_without_launch,
    build.find_lost_image,
    build.find_parameters,
    build.find_unread_deadlines,
    roll.find_user_data_left_out,
    shift.find_strays,
    shift.find_stable_strangers,
    judges.find_lasting_alarms,
    judges.find_errors_that_nobody_counts,
    session.find_unknown_session,
    fleet.find_lack_of_forks,
    fleet.find_waiting_strategy,
    judges.find_lack_of_watch,
    shift.find_stable_down,
    shift.find_zonal_shift,
    store.find_passed_store,
)


@dataclass(frozen=True)
class Examined:
    """``found`` prevents the release. ``said`` is for a person, ``unchecked`` what was not checked, ``warned`` this
    and all else to be warned of, ``changes`` what a candidate would have otherwise than what is live. ``strays``:
    whether others than the routes send it requests. ``quiet_after``: seconds for which alarms of the idle environment
    may be in ALARM for what was there before. ``zonal``: the target groups without cross-zone load balancing."""

    said: str
    found: Sequence[str] = ()
    unchecked: Sequence[str] = ()
    warned: Sequence[str] = ()
    changes: Sequence[Mapping[str, Any]] = ()
    strays: bool = False
    quiet_after: int = 0
    zonal: Collection[str] = ()

    def as_data(self) -> dict[str, Any]:
        return {
            "findings": [],
            "unchecked": list(self.unchecked),
            "shape_changes": list(self.changes),
            "warnings": list(self.warned),
            "msg": self.said,
        }


def examine(case: Case, known: Sequence[str]) -> Examined:
    """``known`` are earlier findings."""
    intent, override = case.intent, case.definition.gates.override
    closed = _closed_gates(case)
    passed = {gate: sentence for gate, sentence in closed.items() if override.allows(gate)}
    required, proven, noticed = ([_ask(find, case) for find in kind] for kind in (REQUIRED, PROVEN, NOTICED))
    found = [*known, *intent.hindrances, *(sentence for gate, sentence in closed.items() if gate not in passed)]
    found += [finding for findings, unread in required for finding in [*findings, *unread]]
    found += [finding for findings, _unread in proven for finding in findings]
    unread = dict.fromkeys(why for _findings, unread in [*proven, *noticed] for why in unread)
    unchecked = [f"Not checked. {why}" for why in unread if why not in found]
    if intent.service is None:
        name = case.definition.place.name
        unchecked.append(f"Not checked. What {name} would be built from and its room: it cannot be read.")
    warned = [*unchecked, *(remark for remarks, _unread in noticed for remark in remarks)]
    changes = [] if found else _changes(case)
    said = [
        "Nothing was found that prevents a release.",
        *(change_message(str(intent.bring_up.source), each) for each in changes),
        *intent.remarks,
        *(f"{sentence} Overridden: {override.reason}" for sentence in passed.values()),
    ]
    return Examined(
        said=" ".join(said),
        found=list(dict.fromkeys(found)),
        unchecked=unchecked,
        warned=warned,
        changes=changes,
        strays=_strays(case),
        quiet_after=_quiet_after(case),
        zonal=_zonal(case),
    )


def _changes(case: Case) -> Sequence[Mapping[str, Any]]:
    with suppress(BluegreenError):
        return case.facts.changes() if case.facts.changes else []
    return []


def _strays(case: Case) -> bool:
    """That it cannot be read is a remark already."""
    with suppress(BluegreenError):
        return bool(case.facts.strays and case.facts.strays())
    return False


def _quiet_after(case: Case) -> int:
    """That the alarms cannot be read is a finding already."""
    with suppress(BluegreenError):
        if case.service and case.facts.alarms:
            return quiet_after(case.facts.alarms(), case.service.candidate_environment.resources)
    return 0


def _zonal(case: Case) -> list[str]:
    """That the load balancer's attributes cannot be read is a warning already."""
    with suppress(BluegreenError):
        balancer = case.facts.balancer() if case.facts.balancer else {}
        attributes = case.facts.attributes() if case.facts.attributes else {}
        return [arn for arn, its in attributes.items() if stays_in_zone(its, balancer)]
    return []


def _closed_gates(case: Case) -> dict[str, str]:
    service, at = case.intent.service, case.at
    if service is None:
        return {}
    rival = rival_of(service.name, [service.holder, _stored_holder(case)], at)
    if not case.parts.releases:
        return rival
    return rival | find_closed_gates(service.as_data(at), case.definition.gates.windows, at)


def _stored_holder(case: Case) -> Holder | None:
    """That the store cannot be read is a finding of its own."""
    with suppress(BluegreenError):
        return case.facts.store() if case.facts.store else None
    return None


def _ask(find: Finder, case: Case) -> tuple[list[str], list[str]]:
    """The findings, and why there are none: what cannot be read does not hide what else is found."""
    try:
        return find(case), []
    except NotThereError as error:
        return [str(error)], []
    except BluegreenError as error:
        return [], [str(error)]
