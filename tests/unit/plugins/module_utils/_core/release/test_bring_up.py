# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release brings up, by how the service stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.marks import Marks, Remark
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.bring_up import (
    CANDIDATE,
    FIRST,
    NOTHING,
    Asked,
    BringUp,
    find_bring_up,
    find_hindrances,
    find_missing_candidate,
    find_move,
    nothing_to_do,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service

from ..service.services import with_group
from .running import NEW, OLD, THIRD, service, with_data

DEFINITION = {"launch_template": {}, "autoscaling_group": {}}


@pytest.mark.parametrize(
    ("stands", "definition", "release"),
    [
        pytest.param(service(OLD), {}, BringUp(CANDIDATE, "web-blue-v001"), id="again"),
        pytest.param(service(OLD, NEW), {}, BringUp(CANDIDATE, "web-blue-v001", "web-green-v001"), id="went half-way"),
        pytest.param(service(NEW), {}, BringUp(NOTHING), id="is stable"),
        pytest.param(service(NEW, OLD), {}, BringUp(NOTHING), id="is stable, the old one is kept"),
        pytest.param(
            service(NEW, OLD, 10),
            {},
            BringUp(CANDIDATE, "web-blue-v001", "web-green-v001", replaces=True),
            id="amid another",
        ),
        pytest.param(service(None), DEFINITION, BringUp(FIRST, "web-blue-v001", None, DEFINITION), id="first"),
        pytest.param(service(None), {}, BringUp(CANDIDATE), id="none to build from"),
        pytest.param(service(NEW, declared=False), DEFINITION, BringUp(FIRST), id="first one, not declared yet"),
        pytest.param(service(OLD, declared=False), DEFINITION, BringUp(CANDIDATE, "web-blue-v001"), id="not the first"),
    ],
)
def test_what_it_brings_up(stands: Service, definition: dict[str, Any], release: BringUp) -> None:
    assert find_bring_up(stands, Asked(NEW), definition) == release


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (service(OLD), []),
        (service(OLD, NEW, 10), []),
        (service(OLD, THIRD), []),
        (service(OLD, THIRD, 10), ["web is being shifted to third (green has 10 % of the traffic)"]),
        (service(NEW, THIRD, 10), ["web is being shifted to third"]),
        (service(OLD, None, 10), ["web is being shifted to something else"]),
        (service(None), ["web has no Auto Scaling group for blue"]),
    ],
)
def test_what_stands_against_it_in_the_service(stands: Service, said: list[str]) -> None:
    found = find_hindrances(stands, Asked(NEW), find_bring_up(stands, Asked(NEW), {}))
    assert len(found) == len(said)
    assert all(finding.startswith(sentence) for finding, sentence in zip(found, said, strict=True))


def test_what_is_being_shifted_is_said_with_what_each_route_gives_it() -> None:
    """As after a run that died between the writes of two routes."""
    half = service(OLD, THIRD, 10)
    both = replace(half, routes=[*half.routes, *service(OLD, THIRD, 50).routes])
    (found,) = find_hindrances(both, Asked(NEW), find_bring_up(both, Asked(NEW), {}))
    assert "(green has 10 to 50 % of the traffic)" in found


def test_traffic_is_not_split_where_stable_could_not_be_declared() -> None:
    """Only what has a group can be; without that nobody would know where to return."""
    undeclared = service(None, NEW, declared=False)
    (found,) = find_missing_candidate(undeclared, Asked(NEW), find_move(undeclared, Asked(NEW)))
    assert found.startswith("web has no Auto Scaling group for blue, its stable environment. Tag the group")
    declared = service(None, NEW)
    assert find_missing_candidate(declared, Asked(NEW), find_move(declared, Asked(NEW))) == []


def test_what_runs_already_is_told() -> None:
    assert nothing_to_do(service(NEW), Asked(NEW)).startswith(
        "web runs new (ami-new) in blue, its stable environment, already"
    )


def test_a_candidate_that_is_being_removed_is_removed_first() -> None:
    leaving = Marks(leaving=Remark("hook before_teardown has begun"))
    stands = with_group(service(OLD, NEW), "green", marks=leaving)
    assert find_bring_up(stands, Asked(NEW), {}).replaces


def test_the_same_image_with_other_user_data_is_a_release() -> None:
    stands = with_data(NEW, "one")
    assert find_bring_up(stands, Asked(NEW), {}) == find_bring_up(stands, Asked(NEW, "", "one"), {}) == BringUp(NOTHING)
    assert find_bring_up(stands, Asked(NEW, "", "two"), {}) == BringUp(CANDIDATE, "web-blue-v001")


def test_a_shift_of_the_same_image_with_other_user_data_is_finished_without_new_data() -> None:
    stands = with_group(service(OLD, NEW, 10), "green", user_data="one")
    (found,) = find_hindrances(stands, Asked(NEW, "", "two"), find_bring_up(stands, Asked(NEW, "", "two"), {}))
    assert "with other user data (green has 10 % of the traffic). To finish, set bluegreen_user_data as it was" in found
    assert find_hindrances(stands, Asked(NEW), find_bring_up(stands, Asked(NEW), {})) == []


def test_the_same_image_with_another_label_is_labeled() -> None:
    assert find_bring_up(service(NEW), Asked(NEW, "1.1"), {}) == BringUp(NOTHING, relabels="web-blue-v001")
    assert find_bring_up(service(OLD, NEW), Asked(NEW, "1.1"), {}).relabels == "web-green-v001"
    assert Asked.read(NEW, NEW, "") == Asked(NEW), "the image's id is the default, not a label"


@pytest.mark.parametrize(
    ("stands", "asked", "said"),
    [
        (service(OLD), Asked(), None),
        (service(NEW), Asked(NEW), None),
        (service(OLD, NEW), Asked(NEW), None),
        (service(OLD, NEW), Asked(), None),
        (service(OLD), Asked(NEW), "web has no candidate: blue runs old (ami-old)"),
        (service(OLD, THIRD), Asked(NEW), "The candidate of web is another one: green runs third (ami-third)"),
        (service(OLD, NEW), Asked(NEW, "1.1"), "The candidate of web is another one: green runs new (ami-new)"),
        (service(OLD, None, 10), Asked(), "green has 10 % of the traffic of web and no Auto Scaling group"),
    ],
)
def test_a_run_that_builds_nothing_needs_the_candidate_that_was_asked_for(
    stands: Service, asked: Asked, said: str | None
) -> None:
    found = find_missing_candidate(stands, asked, find_move(stands, asked))
    assert [finding[: len(said or "")] for finding in found] == ([said] if said else [])
