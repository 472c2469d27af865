# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import ForwardRoute
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.load_balancers import (
    are_placed,
    check_load_balancers,
    check_one_load_balancer,
    check_served,
)

from .routes import BLUE, ENVIRONMENTS, GREEN, LISTENER, PREFIX, forward_route

OWN, FOREIGN = f"{PREFIX}:loadbalancer/app/web/0", f"{PREFIX}:loadbalancer/app/other/0"


def route(arn: str, *groups: str) -> ForwardRoute:
    found = ForwardRoute.read(arn, [{"Type": "forward", "TargetGroupArn": (groups or (BLUE,))[0]}])
    return found.leading({"blue": [(groups or (BLUE,))[0]], "green": [(groups or (BLUE, GREEN))[1]]})


def test_a_target_group_of_another_load_balancer_is_refused() -> None:
    routes = [route(LISTENER)]
    check_load_balancers(routes, {BLUE: [OWN], GREEN: []})
    with pytest.raises(BluegreenError, match="web-green belongs to another load balancer"):
        check_load_balancers(routes, {BLUE: [OWN], GREEN: [FOREIGN]})


def test_a_pair_of_target_groups_has_one_load_balancer() -> None:
    web, api = (f"{PREFIX}:listener/app/{name}/0/1" for name in ("web", "api"))
    rule = f"{PREFIX}:listener-rule/app/web/0/1/2"
    admin = [f"{PREFIX}:targetgroup/admin-{color}/0" for color in ("blue", "green")]
    check_one_load_balancer([route(web), route(rule), route(api, *admin)])
    with pytest.raises(BluegreenError, match=r"of 2 load balancers: .*app/web/0, .*app/api/0"):
        check_one_load_balancer([route(web), route(rule), route(api)])


def test_a_target_group_that_a_route_names_is_its_load_balancers() -> None:
    """AWS allows a target group one."""
    both = forward_route({BLUE: 50, GREEN: 50})
    assert are_placed([both], ENVIRONMENTS)
    assert not are_placed([route(LISTENER)], ENVIRONMENTS), "nobody knows yet whose green is"
    assert not are_placed([both], {"blue": [BLUE, GREEN], "green": [GREEN, BLUE]}), "the order is to be checked"


def test_behind_records_each_color_has_a_load_balancer_whichever_it_is() -> None:
    check_served({BLUE: [OWN], GREEN: [FOREIGN]})
    with pytest.raises(BluegreenError, match="No listener forwards to target group web-green"):
        check_served({BLUE: [OWN], GREEN: []})
