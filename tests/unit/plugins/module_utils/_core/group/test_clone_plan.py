# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone import WantedClone
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_parts import Parts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_plan import (
    Building,
    Facts,
    Keeping,
    Material,
    decide,
    find_existing,
    others_of,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.sources import LaunchPlan
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import (
    Revision,
    TemplateRef,
    encoded,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.state import Refresh

from tests.unit.plugins.module_utils._core.group.groups import ACCEPTED, POLICY, group, tag

WANTED = WantedClone("web", "green", "web-blue-v001", "ami-2", ["web-green"], release="1.1.0", run="r-1")
GREEN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-green/1"
MATERIAL = Material(Parts(), [{"TargetGroupArn": GREEN}], {}, ACCEPTED, read_at=0)
LAUNCH = LaunchPlan(group(), "ami-2", {TemplateRef("lt-1", "$Default"): Revision("lt-1", "web", 1, {}, 7)})
BUILT = Facts(group(), {"web-blue-v001": group(), "web-blue-v006": group()}, None, MATERIAL, LAUNCH)


def candidate(name: str = "web-green-v002", **tags: str) -> dict[str, Any]:
    known = {"service": "web", "color": "green", "release": "1.1.0", "run": "r-1"} | tags
    return group(AutoScalingGroupName=name, Tags=[tag(f"bluegreen:{key}", value) for key, value in known.items()])


def kept(**tags: str) -> Keeping:
    plan = decide(Facts(group(), {}, candidate(**tags), MATERIAL if "copying" in tags else None), WANTED)
    assert isinstance(plan, Keeping)
    return plan


def test_a_clone_is_built_under_the_next_free_name_with_the_image_in_a_numbered_version() -> None:
    plan = decide(BUILT, WANTED)
    assert isinstance(plan, Building)
    shown = plan.as_data()
    assert shown["changed"]
    assert shown["group"]["name"] == "web-green-v007"
    assert shown["group"]["launch_template"] == {"id": "lt-1", "name": "web", "version": "7"}
    assert shown["group"]["target_group_arns"] == [GREEN]


def test_a_source_that_is_being_rolled_is_not_cloned() -> None:
    active = Refresh.begun("r-1", "web-blue-v001", {})
    with pytest.raises(BluegreenError, match="Wait until that is over"):
        decide(replace(BUILT, refresh=active), WANTED)


def test_a_clone_that_serves_fewer_target_groups_is_not_built() -> None:
    served = [GREEN.replace("green", "blue"), GREEN.replace("green", "admin")]
    source = group(TrafficSources=[], TargetGroupARNs=served)
    with pytest.raises(BluegreenError, match="serves 2 target groups"):
        decide(replace(BUILT, source=source), WANTED)


def test_a_clone_that_is_as_asked_for_is_left_alone() -> None:
    assert not kept().as_data()["changed"]


@pytest.mark.parametrize(
    ("tags", "outdated", "label", "owner"),
    [
        ({"release": "1.0.9"}, [], {"bluegreen:release": "1.1.0"}, {}),
        ({"rejected": "now"}, ["bluegreen:rejected"], {}, {}),
        ({"run": "r-0"}, [], {}, {"bluegreen:run": "r-1"}),
        ({"copying": "web-blue-v001"}, ["bluegreen:copying"], {}, {}),
    ],
    ids=["another label", "rejected once", "another run's", "not complete"],
)
def test_a_clone_that_is_there_is_taken_up(
    tags: dict[str, str], outdated: list[str], label: dict[str, str], owner: dict[str, str]
) -> None:
    plan = kept(**tags)
    assert (list(plan.outdated), plan.label, plan.owner) == (outdated, label, owner)
    assert (plan.rest is not None) == ("copying" in tags)
    assert plan.as_data()["changed"] == bool(outdated or label)  # who acts on it is no change


def test_the_newest_with_this_image_and_user_data_is_the_clone() -> None:
    names = ["web-green-v002", "web-green-v003", "web-green-v004", "web-green-v005"]
    groups = {name: candidate(name) for name in names} | {"web-blue-v001": group()}
    data = {"ImageId": "ami-2", "UserData": encoded("ours")}
    launched = {
        "web-green-v002": data,
        "web-green-v003": data,
        "web-green-v004": {**data, "UserData": encoded("other")},
        "web-green-v005": {**data, "ImageId": "ami-1"},
    }
    others = others_of(groups, WANTED)
    assert [each["AutoScalingGroupName"] for each in others] == names
    found = find_existing(others, launched, replace(WANTED, user_data=encoded("ours")))
    assert found is groups["web-green-v003"]
    assert find_existing(others, launched, WANTED) is groups["web-green-v004"]  # whatever its user data are
    assert find_existing(others, launched, replace(WANTED, image_id="ami-3")) is None


def test_a_name_that_is_taken_by_another_service_is_refused() -> None:
    wanted = replace(WANTED, name="web-green-v002")
    groups = {"web-green-v002": candidate(service="shop")}
    with pytest.raises(BluegreenError, match="belongs to shop green"):
        find_existing(others_of(groups, wanted), {"web-green-v002": {"ImageId": "ami-2"}}, wanted)


def test_policies_make_a_clone_that_is_complete_later() -> None:
    plan = decide(replace(BUILT, material=replace(MATERIAL, parts=Parts(policies=[POLICY]))), WANTED)
    assert isinstance(plan, Building)
    assert plan.as_data()["copied"]["policies"] == ["more"]
    assert plan.request()["Tags"][-1]["Key"] == "bluegreen:copying"


def test_the_tags_of_a_release_must_fit_next_to_those_of_the_source() -> None:
    own = [tag(f"own-{number}") for number in range(41)]
    with pytest.raises(BluegreenError, match=r"41 tags of its own.*Remove 1 of them"):
        decide(replace(BUILT, source=group(Tags=own)), WANTED)
    assert isinstance(
        decide(replace(BUILT, source=group(Tags=[*own[1:], tag("aws:cloudformation:stack")])), WANTED), Building
    )


def test_a_label_that_is_no_value_of_a_tag_is_refused() -> None:
    with pytest.raises(BluegreenError, match="at most 256 characters"):
        decide(BUILT, replace(WANTED, release="x" * 257))
    decide(BUILT, replace(WANTED, release="x" * 256))
