# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of listeners and rules."""

from __future__ import annotations

DOCUMENTATION = r"""
module: listener_weights
version_added: 1.0.0
short_description: Set how listeners and rules split traffic between target groups
description:
  - Sets the weights of the forward action of one or many listeners and listener rules, of Application and of Network
    Load Balancers.
  - Only the weights are changed. Other actions (authenticate-oidc, authenticate-cognito, jwt-validation), their
    order, conditions, group stickiness, and target groups that are in the action without traffic stay as they are.
  - Several routes move as one. When one of them cannot be changed, those that were changed before it are put back.
  - What is there is compared by its effect, not by its spelling. A forward to one target group has the same effect
    whichever way ELBv2 returns it, and weights 1 and 0 split as 100 and 0 do.
  - Takes two API calls when nothing else is to be found out, and one when nothing is to be changed; one more reads
    back what was written, as ELBv2 is eventually consistent.
  - A target group that is in none of the routes yet is looked up first. One that belongs to another load balancer is
    refused, as AWS allows a target group one; so are routes of several load balancers.
options:
  routes:
    description:
      - ARNs of listeners (their default action is meant) and of listener rules, in the order they are to be changed.
      - For the default rule give the listener's ARN.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - switchyard.bluegreen.weights
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.service_info
  - module: switchyard.bluegreen.bake
"""

EXAMPLES = r"""
- name: Send a tenth of the traffic to green
  switchyard.bluegreen.listener_weights:
    routes: ["{{ listener_arn }}"]
    weights: {web-blue: 90, web-green: 10}

- name: Move all traffic of two listeners, unless somebody else moved it meanwhile
  switchyard.bluegreen.listener_weights:
    routes: ["{{ http_listener_arn }}", "{{ https_listener_arn }}"]
    weights: {web-blue: 0, web-green: 100}
    expected: {web-blue: 90, web-green: 10}

- name: Put green into a rule without traffic, so that its health is checked
  switchyard.bluegreen.listener_weights:
    routes: ["{{ rule_arn }}"]
    weights: {web-blue: 100, web-green: 0}
"""

RETURN = r"""
weights:
  description: Percents by target group ARN, as given.
  returned: success
  type: dict
  sample: {"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/0123456789abcdef": 100}
routes:
  description: Each route, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    arn:
      description: The listener's or the rule's ARN, which is also its C(title).
      type: str
    load_balancer_arn:
      description: Its load balancer.
      type: str
    weights:
      description: Percents by target group ARN, also of groups in the route that were not named.
      type: dict
    stickiness_seconds:
      description: For how long a client keeps its target group; 0 when it does not.
      type: int
found:
  description: Percents by target group ARN, when they were not those of O(expected).
  returned: when O(expected) was not met
  type: dict
"""

from ..module_utils._args.traffic.weights import ListenerWeightsOptions
from ..module_utils._module import run_module
from ..module_utils._ops.traffic.weights import listener_weights


def main() -> None:
    run_module(ListenerWeightsOptions, listener_weights)


if __name__ == "__main__":
    main()
