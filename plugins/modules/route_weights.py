# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of a service's routes, of whichever kind they are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: route_weights
version_added: 1.0.0
short_description: Set how a service's routes split traffic between its environments
description:
  - Sets the same weights on all routes of a service, listeners and listener rules as by
    M(switchyard.bluegreen.listener_weights) and DNS records as by M(switchyard.bluegreen.record_weights).
  - The routes move as one. When one of them cannot be changed, those that were changed before it are put back. The
    records of a hosted zone are changed in one batch, of which Route 53 makes all changes or none.
  - With listeners and rules alone, it makes the API calls of M(switchyard.bluegreen.listener_weights).
  - Returns when it has read back what was written, and all name servers of Route 53 have it. Resolvers keep what they
    were told before for another RV(ttl_seconds).
options:
  routes:
    description:
      - All routes of the service, each an ARN of a listener or a listener rule, or a dictionary for a DNS record.
      - The dictionary has C(zone), a hosted zone by ID or name, and C(name). It may have C(type), V(A), V(AAAA) or
        V(CNAME), the default being V(A); C(private_zone), whether a zone of that name is a private one;
        C(set_identifiers) by color, V(blue) and V(green) by default; and C(targets) by color, what records answer that
        are to be made, as O(switchyard.bluegreen.record_weights#module:targets).
    type: list
    elements: raw
    required: true
  target_groups:
    description: The two environments' target groups, by name or ARN, under the keys V(blue) and V(green).
    type: dict
    required: true
  wait_timeout:
    description: For how many seconds to wait until all name servers of Route 53 have the change.
    type: int
    default: 300
extends_documentation_fragment:
  - switchyard.bluegreen.weights
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions of M(switchyard.bluegreen.listener_weights) and, for records, those of
    M(switchyard.bluegreen.record_weights).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.record_weights
  - module: switchyard.bluegreen.traffic_return
"""

EXAMPLES = r"""
- name: Send a tenth of the traffic to green
  switchyard.bluegreen.route_weights:
    routes:
      - {zone: example.com, name: www.example.com}
    target_groups: {blue: web-blue, green: web-green}
    weights: {web-blue: 90, web-green: 10}
    expected: {web-blue: 100, web-green: 0}
"""

RETURN = r"""
weights:
  description: Percents by target group ARN, as given.
  returned: success
  type: dict
  sample: {"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/0123456789abcdef": 100}
routes:
  description: Each listener and rule, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    arn:
      description: The listener's or the rule's ARN.
      type: str
    weights:
      description: Percents by target group ARN, also of groups in the route that were not named.
      type: dict
records:
  description: Each DNS record, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    zone_id:
      description: Its hosted zone's ID.
      type: str
    name:
      description: Its name.
      type: str
    type:
      description: Its type.
      type: str
    weights:
      description: Percents by target group ARN.
      type: dict
    ttl_seconds:
      description: For how many seconds a resolver may keep an answer.
      type: int
ttl_seconds:
  description: The longest of these; 0 without records.
  returned: success
  type: int
  sample: 60
found:
  description: Percents by target group ARN, when they were not those of O(expected).
  returned: when O(expected) was not met
  type: dict
"""

from ..module_utils._args.traffic.weights import ROUTE_WEIGHTS
from ..module_utils._module import run_module
from ..module_utils._ops.traffic.weights import set_route_weights


def main() -> None:
    run_module(ROUTE_WEIGHTS, set_route_weights)


if __name__ == "__main__":
    main()
