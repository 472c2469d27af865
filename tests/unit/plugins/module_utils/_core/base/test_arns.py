# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.arns import (
    is_listener,
    is_rule,
    load_balancer_of,
    regions_in,
    target_group_name,
)

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"


@pytest.mark.parametrize("kind", ["app", "net"])
def test_a_route_s_arn_tells_what_it_is_and_whose(kind: str) -> None:
    listener, rule = f"{PREFIX}:listener/{kind}/web/0a/1b", f"{PREFIX}:listener-rule/{kind}/web/0a/1b/2c"
    assert (is_listener(listener), is_rule(listener)) == (True, False)
    assert (is_listener(rule), is_rule(rule)) == (False, True)
    assert load_balancer_of(listener) == load_balancer_of(rule) == f"{PREFIX}:loadbalancer/{kind}/web/0a"


@pytest.mark.parametrize("text", ["web", "listener/app/web/0a/1b", f"{PREFIX}:targetgroup/web/0a"])
def test_anything_else_is_no_route(text: str) -> None:
    assert not is_listener(text)
    assert not is_rule(text)


def test_a_target_group_s_arn_tells_its_name() -> None:
    assert target_group_name(f"{PREFIX}:targetgroup/web-blue/0a") == "web-blue"


def test_regions_are_found_wherever_an_arn_is() -> None:
    other = PREFIX.replace("eu-west-1", "cn-north-1").replace("arn:aws:", "arn:aws-cn:")
    assert regions_in({"blue": [f"{PREFIX}:targetgroup/a/1", "web"], "green": f"{other}:targetgroup/b/2"}) == [
        "eu-west-1",
        "cn-north-1",
    ]
    assert regions_in(f"{PREFIX}:listener/app/web/0a/1b, {PREFIX}:listener/app/web/0a/2c") == ["eu-west-1"]
    assert regions_in([{"zone": "Z1", "name": "web.example.com"}, "arn:aws:iam::123456789012:role/x", None]) == []
