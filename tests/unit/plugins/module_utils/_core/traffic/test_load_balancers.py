# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.load_balancers import (
    check_load_balancers,
    check_one_load_balancer,
    check_served,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.weights import Route

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
BLUE, GREEN = (f"{PREFIX}:targetgroup/web-{color}/0" for color in ("blue", "green"))
OWN, FOREIGN = f"{PREFIX}:loadbalancer/app/web/0", f"{PREFIX}:loadbalancer/app/other/0"


def test_a_target_group_of_another_load_balancer_is_refused() -> None:
    routes = [Route.read(f"{PREFIX}:listener/app/web/0/1", [{"Type": "forward", "TargetGroupArn": BLUE}])]
    check_load_balancers(routes, {BLUE: [OWN], GREEN: []})
    with pytest.raises(BluegreenError, match="web-green belongs to another load balancer"):
        check_load_balancers(routes, {BLUE: [OWN], GREEN: [FOREIGN]})


def test_a_service_has_one_load_balancer() -> None:
    web, api = (f"{PREFIX}:listener/app/{name}/0/1" for name in ("web", "api"))
    rule = f"{PREFIX}:listener-rule/app/web/0/1/2"
    check_one_load_balancer([web, rule, "nothing"])
    with pytest.raises(BluegreenError, match=r"of 2 load balancers: .*app/web/0, .*app/api/0"):
        check_one_load_balancer([web, rule, api])


def test_behind_records_each_color_has_a_load_balancer_whichever_it_is() -> None:
    check_served({BLUE: [OWN], GREEN: [FOREIGN]})
    with pytest.raises(BluegreenError, match="No listener forwards to target group web-green"):
        check_served({BLUE: [OWN], GREEN: []})
