# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an ELBv2 ARN says about itself.

Shapes (ELBv2 service authorization reference):
``…:listener/app/<lb>/<lb id>/<id>``, ``…:listener-rule/app/<lb>/<lb id>/<listener id>/<id>``,
``…:targetgroup/<name>/<id>``, ``…:loadbalancer/app/<lb>/<lb id>``; ``net`` in place of ``app`` for an NLB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

REGION = re.compile(r"arn:[^:\s]+:elasticloadbalancing:([a-z0-9-]+):")


def regions_in(value: Any) -> list[str]:
    """The regions of all ELBv2 ARNs in this text, list or mapping, each once."""
    if isinstance(value, str):
        return list(dict.fromkeys(REGION.findall(value)))
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return list(dict.fromkeys(region for part in parts for region in regions_in(part)))


# The kinds of load balancers have a word each: app, net, gwy.
PREFIX = r"arn:[a-z0-9-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:"
OWN = r"/(app|net|gwy)/[A-Za-z0-9-]{1,32}/[0-9a-f]+"  # of a load balancer: its name and its ID
LISTENER = re.compile(rf"{PREFIX}listener{OWN}/[0-9a-f]+")
RULE = re.compile(rf"{PREFIX}listener-rule{OWN}/[0-9a-f]+/[0-9a-f]+")


def is_arn(text: str) -> bool:
    return text.startswith("arn:")


def account_of(arn: str) -> str:
    """The ID of the account, of 12 digits."""
    return arn.split(":")[4]


def arn_resource(arn: str) -> str:
    """The last part of an ARN, as metrics name a target group: ``targetgroup/<name>/<id>``."""
    return arn.rsplit(":", 1)[-1]


def _resource(arn: str) -> list[str]:
    return arn_resource(arn).split("/")


def is_listener(arn: str) -> bool:
    return bool(LISTENER.fullmatch(arn))


def is_rule(arn: str) -> bool:
    return bool(RULE.fullmatch(arn))


def is_application(arn: str) -> bool:
    """Whether it is an Application Load Balancer, or a listener or a rule of one."""
    return _resource(arn)[1:2] == ["app"]


def listener_of(route_arn: str) -> str:
    """A rule's listener; a listener is its own."""
    prefix = route_arn.rsplit(":", 1)[0]
    return f"{prefix}:listener/{'/'.join(_resource(route_arn)[1:5])}"


def target_group_name(arn: str) -> str:
    """The whole text where it is malformed, so that AWS, which is asked for it, refuses it."""
    return next(iter(_resource(arn)[1:2]), arn)


def load_balancer_of(route_arn: str) -> str:
    """The load balancer's ARN, from a listener's or a rule's."""
    prefix = route_arn.rsplit(":", 1)[0]
    return f"{prefix}:loadbalancer/{'/'.join(_resource(route_arn)[1:4])}"
