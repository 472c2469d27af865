# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that an environment gets no traffic."""

from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_check
version_added: 1.0.0
short_description: Prove that an environment gets no traffic
description:
  - Makes sure that an environment can be removed without anybody noticing, and fails if not.
  - The environment may not be the stable one, and may not have weight on any route. No other listener or rule of the
    routes' load balancer may send requests to it either, except the O(test_route).
  - Its target group must have had no requests for a while, by CloudWatch's metric C(RequestCount) of the routes' load
    balancers. Requests through open connections, sticky sessions and a test route count; health checks do not. If there
    were some, the module waits until there are none any more, or fails at once when that can't be in time.
  - With DNS records for routes, it waits for their TTL and O(ttl_margin_seconds), and the environment may not get
    weight meanwhile. Route 53 does not report since when a record has had its weight, so the time starts with the
    module. Requests are counted at the load balancer of the environment's own. Check mode does not wait for it.
  - A Network Load Balancer counts no requests. There, the environment has to be without weight for O(quiet_seconds)
    from the beginning, so that a change of weights has reached the load balancer, and a warning says so. Check mode
    does not wait for it. If its listener has group stickiness, which has no duration there, and names the environment,
    the module fails, because clients would keep coming to it.
  - The weights and the stable color are checked throughout, and the module fails if the environment is used again.
  - Reads only.
options:
  color:
    description: The environment to look at.
    type: str
    choices: [blue, green]
    required: true
  test_route:
    description: ARN of the listener or listener rule that reaches only the candidate. It may lead to the environment.
    type: str
  quiet_seconds:
    description:
      - For how many seconds there may have been no requests. Metrics come every 60 seconds and up to a minute or two
        late, so less than V(180) proves little on AWS.
      - With V(0), and without sticky sessions, the weights alone decide.
      - With sticky sessions on a route, it is at least their duration. A client that was answered by this environment
        within that time is sent there again, whatever the weights are.
    type: int
    default: 180
  ttl_margin_seconds:
    description:
      - With DNS records for routes, for how many seconds beyond their TTL the environment must have had no weight.
      - Changes generally reach all name servers of Route 53 within 60 seconds, so that they give the earlier answer for
        that long.
    type: int
    default: 60
  wait_timeout:
    description: For how many seconds to wait for the end of requests.
    type: int
    default: 900
extends_documentation_fragment:
  - switchyard.bluegreen.service
  - switchyard.bluegreen.routes
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
attributes:
  diff_mode:
    support: none
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeListeners), C(elasticloadbalancing:DescribeRules),
    C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTags) and C(cloudwatch:GetMetricData).
    For DNS records, also C(route53:ListResourceRecordSets) and C(route53:ListHostedZonesByName).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.target_registration
  - module: switchyard.bluegreen.autoscaling_clone
"""

EXAMPLES = r"""
- name: Make sure that nobody uses blue any more
  switchyard.bluegreen.traffic_check:
    service: web
    routes: ["{{ listener_arn }}"]
    target_groups: {blue: web-blue, green: web-green}
    color: blue
"""

RETURN = r"""
quiet_seconds:
  description: For how many seconds at least there were no requests.
  returned: success
  type: int
  sample: 180
ttl_waited_seconds:
  description: For how many seconds it waited until no resolver keeps an answer; 0 without DNS records.
  returned: success
  type: int
  sample: 120
requests:
  description: The requests within the last RV(quiet_seconds) seconds.
  returned: when there were requests up to the end
  type: int
  sample: 12
"""

from ..module_utils._args.release.idle_check import IdleOptions
from ..module_utils._module import run_module
from ..module_utils._ops.release.idle_check import traffic_check


def main() -> None:
    run_module(IdleOptions, traffic_check)


if __name__ == "__main__":
    main()
