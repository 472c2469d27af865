# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.pairs import check_order

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup"
NAMES = ("web-blue", "web-green", "admin-blue", "admin-green", "api-blue", "api-green")
PORTS = {"web": 8080, "admin": 9090, "api": 7070}


def arns(*names: str) -> list[str]:
    return [f"{PREFIX}/{name}/0" for name in names]


def described(**ports: int) -> dict[str, dict[str, Any]]:
    """By ARN; ``web_green=80`` is on another port than its service."""
    found = {name: ports.get(name.replace("-", "_"), PORTS[name.split("-")[0]]) for name in NAMES}
    return {
        arn: {"TargetGroupName": name, "Protocol": "HTTP", "Port": found[name], "HealthCheckPath": "/health"}
        for name, arn in zip(NAMES, arns(*NAMES), strict=True)
    }


BLUE = arns("web-blue", "admin-blue", "api-blue")


def test_another_order_in_one_color_is_refused() -> None:
    check_order({"blue": BLUE, "green": arns("web-green", "admin-green", "api-green")}, described())
    for green in (("admin-green", "web-green", "api-green"), ("admin-green", "api-green", "web-green")):
        with pytest.raises(BluegreenError, match=r"pairs web-blue .HTTP:8080 /health. with admin-green .HTTP:9090"):
            check_order({"blue": BLUE, "green": arns(*green)}, described())


def test_pairs_may_differ_where_no_other_order_fits_better() -> None:
    right = {"blue": BLUE, "green": arns("web-green", "admin-green", "api-green")}
    check_order(right, described(web_green=80))
    check_order(right, described(web_green=9090))
