# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.target_group_copy import (
    Traits,
    check_alike,
    check_target_group_name,
)

ACCEPTED = {"Protocol", "Port", "Matcher", "HealthCheckEnabled", "NextYears"}
SOURCE = Traits({"Port": 80, "HealthCheckPath": "/up"}, {"stickiness.enabled": "true"}, {"team": "web"})


def test_a_field_new_to_both_shapes_is_taken_over() -> None:
    described = {"Port": 80, "NextYears": {"setting": True}, "HealthCheckEnabled": False, "LoadBalancerArns": ["…"]}
    traits = Traits.read(described, {}, {}, ACCEPTED)
    assert traits.settings == {"Port": 80, "NextYears": {"setting": True}, "HealthCheckEnabled": False}


def test_what_is_not_set_and_what_others_set_is_left() -> None:
    traits = Traits.read(
        {"Matcher": {}},
        {"stickiness.app_cookie.cookie_name": "", "stickiness.type": "lb_cookie"},
        {"team": "web", "bluegreen:stable": "blue", "aws:cloudformation:stack-name": "web"},
        ACCEPTED,
    )
    assert traits == Traits({}, {"stickiness.type": "lb_cookie"}, {"team": "web"})


def test_what_a_twin_lacks_is_what_differs_and_what_it_has_besides_is_its_own() -> None:
    copy = Traits({"Port": 80, "HealthCheckPath": "/"}, {"stickiness.enabled": "true"}, {"owner": "me"})
    lacking = SOURCE.lacking_in(copy)
    assert lacking == Traits({"HealthCheckPath": "/up"}, {}, {"team": "web"})
    assert copy.given(lacking).tags == {"owner": "me", "team": "web"}
    assert not SOURCE.lacking_in(copy.given(lacking))


def test_what_cannot_be_changed_is_named_with_both_values() -> None:
    copy = Traits({"HealthCheckPath": "/", "Port": 81}, {}, {})
    with pytest.raises(BluegreenError, match=r"web-green exists and is no copy of web: it has Port 81, not 80, which"):
        check_alike("web", "web-green", copy, SOURCE.lacking_in(copy), {"HealthCheckPath"})
    check_alike("web", "web-green", copy, Traits({"HealthCheckPath": "/up"}, {}, {}), {"HealthCheckPath"})


@pytest.mark.parametrize("name", ["w", "web-green", "A1-2-3", "x" * 32])
def test_names_of_target_groups(name: str) -> None:
    check_target_group_name(name)


@pytest.mark.parametrize("name", ["", "-web", "web-", "web_green", "web.green", "wéb", "web green", "x" * 33])
def test_names_that_aws_refuses(name: str) -> None:
    with pytest.raises(BluegreenError):
        check_target_group_name(name)
