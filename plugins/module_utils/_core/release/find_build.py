# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether a candidate can be built, and whether there is room for it next to what is live."""

from __future__ import annotations

from ..base.tags import COLOR, SERVICE
from ..group.clone import Size
from ..group.clone_checks import check_all_attached, check_all_served, check_target_groups
from ..group.clone_warnings import unweighted_warnings
from ..group.lifecycle_hooks import left_out
from ..group.removal_protection import retained_message
from ..group.tag_limits import find_lack_of_tags
from ..group.zones import find_foreign_zones
from ..launch.parameters import is_parameter, parameter_remark
from ..launch.root_device import stray_root_message
from ..launch.sources import missing_message, templates_of
from ..launch.template_changes import change_message
from ..service.retention import find_malformed_deadlines
from ..traffic.pairs import check_fitting
from .case import Case
from .facts import Item
from .quotas import no_group_left, too_few_addresses, too_many_targets, vcpus_at_least


def find_bad_source(case: Case) -> list[str]:
    """What the group launches matters only where a candidate is yet to be built from it."""
    if case.facts.group:
        case.facts.group()
    if case.facts.launched and case.bring_up.creates_group:
        case.facts.launched()
    return []


def find_namesakes(case: Case) -> list[str]:
    """The module that makes the first group would change one that has its name, and take it for the service's."""
    if case.facts.namesakes is None or not case.facts.namesakes():
        return []
    return [
        f"The first group is to be called {case.bring_up.source}, but there is such a group, without the tags that "
        f"make it the service's. If it runs the service, tag it with {SERVICE} and {COLOR}; if not, delete it."
    ]


def find_refused_changes(case: Case) -> list[str]:
    """They are shown in any case; a reason to refuse only for those who say so."""
    if case.facts.changes is None or not case.definition.candidate.refuses_changes:
        return []
    return [change_message(str(case.bring_up.source), change) for change in case.facts.changes()]


def find_groups_without_launch(case: Case) -> list[str]:
    """What such a group would do in a scale-out is unknown, and so is its image."""
    groups = [each.group.described for each in case.environments if each.group and not each.group.launched]
    return [
        f"{missing_message(group, templates_of(group)[:1])} It cannot launch instances, and its image is unknown."
        for group in groups
        if templates_of(group)
    ]


def find_several_target_groups(case: Case) -> list[str]:
    """The group that is built serves as many target groups as the one that it is built from."""
    if case.service and case.facts.group and case.bring_up.first_group is None:
        check_all_served(case.facts.group(), case.service.candidate_environment.target_groups)
        check_all_attached(case.facts.group(), case.service.stable_environment.target_groups)
    return []


def find_misfit_target_groups(case: Case) -> list[str]:
    if case.facts.target_groups and case.service:
        described = case.facts.target_groups()
        check_target_groups(described)
        if not case.service.in_front:
            check_fitting(case.service.pairs, described)
    return []


def find_lack_of_group_tags(case: Case) -> list[str]:
    return find_lack_of_tags(case.facts.group()) if case.facts.group else []


def find_unweighted_traffic(case: Case) -> list[str]:
    return unweighted_warnings(case.facts.group()) if case.facts.group and case.bring_up.adds_group else []


def find_hooks_left_out(case: Case) -> list[str]:
    return left_out(str(case.bring_up.source), case.facts.hooks()) if case.facts.hooks else []


def find_lost_image(case: Case) -> list[str]:
    if case.facts.live_image is None or case.facts.live_image() is not None:
        return []
    group = case.bring_up.source
    return [
        f"The image that {group} launches was deregistered, or is no longer shared with this account. {group} cannot "
        "launch instances: neither to scale out, nor to replace one, nor to take the traffic back at full capacity."
    ]


def find_parameters(case: Case) -> list[str]:
    groups = [each.group for each in case.environments if each.group]
    return [
        parameter_remark(group.name, group.launched["ImageId"], group.image_id)
        for group in groups
        if is_parameter(group.launched.get("ImageId"))
    ]


def find_stray_root_volume(case: Case) -> list[str]:
    facts = case.facts
    if facts.image is None or facts.launched is None or facts.live_image is None:
        return []
    stray = stray_root_message(str(case.bring_up.source), facts.launched(), facts.image(), facts.live_image())
    return [stray] if stray else []


def find_foreign_template(case: Case) -> list[str]:
    return case.facts.followed().findings() if case.facts.followed else []


def find_followers(case: Case) -> list[str]:
    return case.facts.followed().remarks() if case.facts.followed else []


def find_refresh(case: Case) -> list[str]:
    """An instance refresh would replace stable's instances while the traffic moves, and what the next is built from."""
    active = case.facts.refresh() if case.facts.refresh else None
    return [f"{active.message()} Wait until that is over, or roll it back with rollback.yml first."] if active else []


def find_group_limit(case: Case) -> list[str]:
    return no_group_left(case.facts.group_limits()) if case.facts.group_limits else []


def find_lack_of_addresses(case: Case) -> list[str]:
    subnets = case.facts.subnets() if case.facts.subnets else None
    if case.facts.group is None or subnets is None:
        return []
    return too_few_addresses(case.bring_up.sized, _desired(case, case.facts.group()), subnets)


def find_zones_without_load_balancer(case: Case) -> list[str]:
    if case.facts.group is None or case.facts.balancers is None:
        return []
    subnets = case.facts.subnets() if case.facts.subnets else None
    return find_foreign_zones(case.facts.group(), subnets or [], case.facts.balancers())


def find_lack_of_vcpus(case: Case) -> list[str]:
    facts = case.facts
    if facts.group is None or facts.types is None or facts.quota is None:
        return []
    quota, group, types = facts.quota(), facts.group(), facts.types()
    needed, running = (vcpus_at_least(group, size, types) for size in (_desired(case, group), _running(case, group)))
    return quota.lacks(case.bring_up.sized, needed, running)


def find_target_limit(case: Case) -> list[str]:
    if case.facts.group is None or case.facts.target_limits is None:
        return []
    group = case.facts.group()
    balanced = [route.title for route in case.definition.place.routes if not route.in_front]
    return too_many_targets(balanced, _running(case, group) + _desired(case, group), case.facts.target_limits())


def find_retained(case: Case) -> list[str]:
    """Everything else that guards a group is taken off when it is removed."""
    groups = case.facts.leaving() if case.facts.leaving else []
    return [said for group in groups if (said := retained_message(group))]


def find_unread_deadlines(case: Case) -> list[str]:
    return find_malformed_deadlines(case.service) if case.service else []


def _desired(case: Case, group: Item) -> int:
    """How large the new group is to be. Headroom is over what is live."""
    return Size.read(group, 0 if case.bring_up.first_group else case.definition.candidate.headroom_percent).desired


def _running(case: Case, group: Item) -> int:
    """What is live already, in units of capacity."""
    return 0 if case.bring_up.first_group else int(group["DesiredCapacity"])
