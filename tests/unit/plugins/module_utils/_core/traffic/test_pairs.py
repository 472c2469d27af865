# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.pairs import check_fitting, check_order

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


@pytest.mark.parametrize(
    ("blue", "green", "said"),
    [
        ({"Protocol": "TCP"}, {"Protocol": "TLS"}, "protocol of target groups web-blue and web-green is TCP and TLS"),
        ({"ProtocolVersion": "GRPC"}, {"ProtocolVersion": "HTTP1"}, "is GRPC and HTTP1"),
        ({"ProtocolVersion": "HTTP1"}, {"ProtocolVersion": "HTTP2"}, "is HTTP1 and HTTP2"),
        ({"VpcId": "vpc-1"}, {"VpcId": "vpc-2"}, "VPC of target groups"),
    ],
)
def test_a_route_that_cannot_forward_to_both_is_refused(blue: dict[str, str], green: dict[str, str], said: str) -> None:
    pair = arns("web-blue", "web-green")
    with pytest.raises(BluegreenError, match=said):
        check_fitting(
            dict([pair]), [{"TargetGroupArn": arn, **each} for arn, each in zip(pair, (blue, green), strict=True)]
        )


@pytest.mark.parametrize("differ", [{"Protocol": "HTTPS"}, {"Port": 80}])
def test_what_a_listener_for_http_can_forward_to_may_differ(differ: dict[str, Any]) -> None:
    pair, usual = arns("web-blue", "web-green"), {"Protocol": "HTTP", "ProtocolVersion": "HTTP1", "VpcId": "vpc-1"}
    check_fitting(dict([pair]), [{**usual, "TargetGroupArn": pair[0]}, {**usual, "TargetGroupArn": pair[1], **differ}])
