# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of a service's routes, of whichever kind they are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: route_weights
version_added: 1.0.0
short_description: Set how a service's routes split traffic between its environments
description:
  - Sets the same weights on all routes of a service, of whichever kind they are. Listeners and listener rules are
    changed as by M(switchyard.bluegreen.listener_weights).
  - The routes move as one. When one of them cannot be changed, those that were changed before it are put back.
  - For DNS records, only the weights are changed. Values, aliases, TTL and health checks stay as they are, and so
    do record sets that have no weight and stand for neither color.
  - The record sets of a hosted zone are changed in one batch, of which Route 53 makes all changes or none. The batch
    deletes each record set as it was read and creates it with its new weight, so that Route 53 refuses all of it when
    somebody else has changed one in between.
  - A simple record becomes a weighted one in one batch, too, so that there is no moment without an answer. It keeps
    what it answers, under the set identifier for which no target is given, or whose target is what it answers.
  - Records that are routed otherwise (by latency, geolocation, for failover, by a traffic policy) are refused.
  - With listeners and rules alone, it makes the API calls of M(switchyard.bluegreen.listener_weights).
  - Returns when it has read back what was written, and all name servers of Route 53 have it. Resolvers keep earlier
    answers for another RV(ttl_seconds).
options:
  routes:
    description:
      - The routes, each an ARN of a listener or a listener rule, or a dictionary for a DNS record.
      - The dictionary has C(zone), a hosted zone by ID or name, and C(name), the record's name in full. A name that
        several zones have is refused, with their IDs.
      - It may have C(type), V(A) (the default), V(AAAA) or V(CNAME); for an alias, this is the type of its answers. It
        may have C(private_zone), whether a zone of that name is private, and C(set_identifiers) by color, V(blue) and
        V(green) by default. C(targets) by color are the answers of record sets that do not exist yet.
      - A target has C(values), a list, or C(alias), the name of a load balancer or another resource, with
        C(alias_zone_id), the ID of the zone that AWS has it in (C(CanonicalHostedZoneId) of a load balancer). An alias
        may have C(evaluate_target_health), V(false) by default; either may have C(health_check_id). Values get the TTL
        of the other record sets, or 60 s if these are aliases.
    type: list
    elements: raw
    required: true
  target_groups:
    description:
      - The two environments' target groups, by name or ARN, under the keys V(blue) and V(green), one or a list of them
        each.
      - Of several, the first of blue and the first of green are a pair, and so on. Each route leads to one pair.
      - Without them, O(weights) are of target groups by themselves, or, of DNS records alone, by color.
    type: dict
  wait_timeout:
    description: For how many seconds to wait until all name servers of Route 53 have the change.
    type: int
    default: 300
  return_to:
    description:
      - The color that AWS returns all traffic to when the run stops responding. Schedules that do so are created before
        the first route is changed. See docs/return-by-aws.md.
      - Without effect unless O(lease) names a role for it.
    type: str
    choices: [blue, green]
extends_documentation_fragment:
  - switchyard.bluegreen.weights
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions of M(switchyard.bluegreen.listener_weights) and, for DNS records,
    C(route53:ListResourceRecordSets), C(route53:ChangeResourceRecordSets), C(route53:GetChange) and, for a zone that is
    given by its name, C(route53:ListHostedZonesByName).
  - Where a policy has the condition key C(route53:ChangeResourceRecordSetsActions), it has to allow C(CREATE) and
    C(DELETE).
  - With health checks, Route 53 answers with record sets of weight 0 when all others are unhealthy.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.traffic_return
"""

EXAMPLES = r"""
- name: Send a tenth of the traffic to green
  switchyard.bluegreen.route_weights:
    routes:
      - arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2
      - arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/admin/0467ef3c8400ae65/9683b2d02a6cabee
    target_groups: {blue: [web-blue, admin-blue], green: [web-green, admin-green]}
    weights: {blue: 90, green: 10}
    expected: {blue: 100, green: 0}

- name: Send a tenth of the DNS queries to green
  switchyard.bluegreen.route_weights:
    routes:
      - {zone: example.com, name: www.example.com}
    weights: {blue: 90, green: 10}
"""

RETURN = r"""
weights:
  description: Percents by target group ARN; by color where there are no target groups.
  returned: success
  type: dict
  sample: {"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/0123456789abcdef": 100}
routes:
  description: Each route, in the order given. Other keys depend on its kind.
  returned: success
  type: list
  elements: dict
  contains:
    title:
      description: The listener's or the rule's ARN, or the record's type, name and zone.
      type: str
    weights:
      description: Percents by what the route itself names, such as target group ARNs or set identifiers of records.
      type: dict
ttl_seconds:
  description: For how many seconds a resolver may keep an answer, the longest of all DNS records; 0 without records.
  returned: success
  type: int
  sample: 60
found:
  description: Percents by color, or by target group ARN, when they were not those of O(expected).
  returned: when O(expected) was not met
  type: dict
"""

from ..module_utils._args.traffic.weights import RouteWeightsOptions
from ..module_utils._module import run_module
from ..module_utils._ops.safety.route_weights import route_weights


def main() -> None:
    run_module(RouteWeightsOptions, route_weights)


if __name__ == "__main__":
    main()
