# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of DNS records."""

from __future__ import annotations

DOCUMENTATION = r"""
module: record_weights
version_added: 1.0.0
short_description: Set how a weighted DNS record splits queries
description:
  - Sets the weights of the record sets of one name and type in Route 53, all in one change batch, of which Route 53
    makes all changes or none.
  - Nothing but the weights is changed. Values, aliases, TTL and health checks stay as they are, and so do record sets
    that have no weight and are not named.
  - The batch deletes each record set as it was read and creates it with its new weight. Whatever somebody else has
    changed in between makes Route 53 refuse the whole batch.
  - What is there is compared by its effect; weights 1 and 0 split as 100 and 0 do.
  - A simple record becomes a weighted one in one batch too, so that there is no moment without an answer. It keeps what
    it answers, under the set identifier of which nothing else is said.
  - Records that are routed otherwise (by latency, geolocation, for failover, by a traffic policy) are refused.
  - Returns when all name servers of Route 53 have the change. Resolvers keep what they were told before for another
    RV(ttl_seconds); to wait for these is left to who needs it.
options:
  zone:
    description:
      - The hosted zone, by its ID or by its name.
      - A name that several zones have is refused, with their IDs.
    type: str
    required: true
  private_zone:
    description:
      - Whether a zone that is given by its name is a private one.
      - By default, either will do.
    type: bool
  record:
    description: The record's name in full, as V(www.example.com).
    type: str
    required: true
  type:
    description: The record's type. That of an alias is the type of its answers.
    type: str
    choices: [A, AAAA, CNAME]
    default: A
  weights:
    description:
      - Whole percents from 0 to 100 by set identifier, that sum to 100. All zero is refused, as Route 53 would split
        equally.
      - A record set that has weight and is not named here is refused.
    type: dict
    required: true
  expected:
    description:
      - The percents that the record must have now, as in O(weights); record sets not named are expected without weight.
      - Anything else is an error that says what was found, and nothing is changed.
      - By default, any weights will do.
    type: dict
  targets:
    description:
      - What record sets answer that are not there yet, by set identifier. Of those that are there it changes nothing.
      - Each is a dictionary with C(values), a list, or with C(alias), the name of a load balancer or another resource,
        and C(alias_zone_id), the ID of the zone that AWS has it in (C(CanonicalHostedZoneId) of a load balancer).
      - An alias may have C(evaluate_target_health), V(false) by default; either may have C(health_check_id).
      - Values get the TTL of the other record sets, or 60 s beside aliases.
    type: dict
    default: {}
  wait_timeout:
    description: For how many seconds to wait until all name servers of Route 53 have the change.
    type: int
    default: 300
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(route53:ListResourceRecordSets), C(route53:ChangeResourceRecordSets), C(route53:GetChange)
    and, for a zone that is given by its name, C(route53:ListHostedZonesByName).
  - Where a policy has the condition key C(route53:ChangeResourceRecordSetsActions), it has to allow C(CREATE) and
    C(DELETE).
  - With health checks, Route 53 answers with record sets of weight 0 when all others are unhealthy.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.route_weights
"""

EXAMPLES = r"""
- name: Send a tenth of the queries to green
  switchyard.bluegreen.record_weights:
    zone: example.com
    record: www.example.com
    weights: {blue: 90, green: 10}
    expected: {blue: 100, green: 0}

- name: Make a simple record weighted, with a load balancer for green that gets nothing yet
  switchyard.bluegreen.record_weights:
    zone: Z0123456789ABCDEFGHIJ
    record: www.example.com
    weights: {blue: 100, green: 0}
    targets:
      green:
        alias: web-green-1234567890.eu-west-1.elb.amazonaws.com
        alias_zone_id: Z32O12XQLNTSW2
"""

RETURN = r"""
zone_id:
  description: The hosted zone's ID.
  returned: success
  type: str
  sample: Z0123456789ABCDEFGHIJ
weights:
  description: Percents by set identifier, also of record sets that were not named.
  returned: success
  type: dict
  sample: {"blue": 90, "green": 10}
ttl_seconds:
  description:
    - For how many seconds resolvers may keep what they were told before. For an alias of a load balancer that is 60,
      for one of another record in the zone that record's TTL.
  returned: success
  type: int
  sample: 60
found:
  description: Percents by set identifier, when they were not those of O(expected).
  returned: when O(expected) was not met
  type: dict
"""

from ..module_utils._args.traffic.record import RECORD_WEIGHTS
from ..module_utils._module import run_module
from ..module_utils._ops.traffic.record import set_record_weights


def main() -> None:
    run_module(RECORD_WEIGHTS, set_record_weights)


if __name__ == "__main__":
    main()
