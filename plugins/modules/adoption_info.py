# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at a service that is to be adopted."""

from __future__ import annotations

DOCUMENTATION = r"""
module: adoption_info
version_added: 1.0.0
short_description: Look at a service that is to be made ready for blue and green
description:
  - Returns what there is of a service that was made for one environment, with an Auto Scaling group in one or several
    target groups, and what is left to do until it can be released by this collection. Changes nothing.
  - Fails with all findings together when something prevents it. A route that redirects or that also forwards elsewhere
    is refused, and so is a target group of another load balancer or target type. The Auto Scaling group must be known
    and must not serve other target groups. The name of a copy, and the port or rule of the test route, must be free.
    The stickiness of a target group must work with weights. No release may be in progress, and the tags must not be
    those of another service.
  - Warns of listeners and rules that forward to the target group and are not among the routes.
options:
  target_groups:
    description:
      - The two environments' target groups, by name or ARN, under the keys V(blue) and V(green). Those of one color are
        the ones that the routes forward to; those of the other have the names that their copies will get.
      - Of several, the first of blue and the first of green are a pair, and so on. Each route leads to one pair.
    type: dict
    required: true
  group:
    description:
      - The Auto Scaling group that runs the service. By default it is the only one that is attached to the live target
        group.
    type: str
  test_route:
    description: The test route to be made after the first of the routes, if one is.
    type: dict
    suboptions:
      header:
        description: The header that a request to the candidate carries, for a rule.
        type: dict
        suboptions:
          name:
            description: Its name.
            type: str
            required: true
          value:
            description: Its value.
            type: str
            required: true
      priority:
        description: The rule's priority, required with O(test_route.header).
        type: int
      port:
        description: The port of a listener of its own.
        type: int
      protocol:
        description: The protocol on O(test_route.port). By default it is that of the production listener.
        type: str
        choices: [HTTP, HTTPS, TCP, TLS]
      host:
        description: The host to ask by.
        type: str
  stickiness_seconds:
    description:
      - For how many seconds the routes are to keep a client on its target group. Required when the targets are sticky
        and the routes are not.
    type: int
  known:
    description: ARNs of listeners and rules that forward to the target groups without being routes, on purpose.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - switchyard.bluegreen.service
  - switchyard.bluegreen.routes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeListeners), C(elasticloadbalancing:DescribeRules),
    C(elasticloadbalancing:DescribeListenerCertificates), C(elasticloadbalancing:DescribeTargetGroups),
    C(elasticloadbalancing:DescribeTargetGroupAttributes), C(elasticloadbalancing:DescribeTags) and
    C(autoscaling:DescribeAutoScalingGroups).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.target_group_clone
  - module: switchyard.bluegreen.test_route
  - module: switchyard.bluegreen.settle
"""

EXAMPLES = r"""
- name: Look at a service that was made with one target group
  switchyard.bluegreen.adoption_info:
    service: web
    routes: ["{{ listener_arn }}"]
    target_groups: {blue: web, green: web-green}
    test_route:
      header: {name: X-Candidate, value: "{{ secret }}"}
      priority: 1
  register: web

- name: Say what is left to do
  ansible.builtin.debug:
    msg: "{{ web.adoption.todo }}"
"""

RETURN = r"""
adoption:
  description: The service as it is.
  returned: success
  type: dict
  contains:
    service:
      description: Its name.
      type: str
    stable:
      description: The color that has the traffic.
      type: str
      sample: blue
    candidate:
      description: The other color.
      type: str
      sample: green
    target_groups:
      description: C(name) and C(arn) of each color's target groups; the ARN is null while the target group does not
        exist.
      type: dict
      sample: {"green": [{"name": "web-green", "arn": null}]}
    twins:
      description:
        - Which target groups are copied. C(source) is the ARN of the live one, C(name) that of its copy, and C(routes)
          are the ARNs of the routes that lead to them.
      type: list
      elements: dict
    group:
      description: The Auto Scaling group that runs the service.
      type: str
      sample: web-asg
    todo:
      description: What is left to do, as sentences; empty when the service is ready.
      type: list
      elements: str
      sample: ["Make target group web-green, the twin of web."]
"""

from ..module_utils._args.release.adoption import AdoptionOptions
from ..module_utils._module import run_module
from ..module_utils._ops.release.adoption import adoption_info


def main() -> None:
    run_module(AdoptionOptions, adoption_info)


if __name__ == "__main__":
    main()
