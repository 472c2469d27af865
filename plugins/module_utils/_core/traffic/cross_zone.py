# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cross-zone load balancing: whether what arrives in an Availability Zone may be sent to targets in another one."""

from __future__ import annotations

from collections.abc import Mapping

ENABLED = "load_balancing.cross_zone.enabled"


def stays_in_zone(target_group: Mapping[str, str], balancer: Mapping[str, str]) -> bool:
    """What the attributes of both say. A target group that has no value of its own has the load balancer's. Of a
    Network Load Balancer this is off by default, of an Application Load Balancer always on (Cross-zone load balancing
    for target groups, in both user guides)."""
    own = target_group.get(ENABLED)
    return (own if own in ("true", "false") else balancer.get(ENABLED)) == "false"
