# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a test route."""

from __future__ import annotations

DOCUMENTATION = r"""
module: test_route
version_added: 1.0.0
short_description: Make a test route, that reaches the candidate before users do
description:
  - Makes sure that there is a test route after a production route. With O(header) it is a listener rule that asks for
    this header, with O(port) a listener of its own.
  - A rule takes over the conditions and the transforms of the production route when that is a rule, so that what is
    tested is what users will get. It has to stand before it, so O(priority) must be a smaller number than production's.
  - A listener takes over certificates and security policy of the production listener when it is HTTPS or TLS.
  - Actions that sign users in (authenticate-oidc, authenticate-cognito) and mutual TLS are not taken over, as no check
    could pass them, and a warning says so. Anything else, such as jwt-validation, is. What guards the candidate then is
    the security group, when the test route has a port of its own, or the value of the header.
  - A rule or listener that does the same already is used as the test route, whatever its weights, because releases move
    them. One that does something else is an error, and nothing is changed.
  - The rule or listener that it creates has the tag C(bluegreen:test-route), by which
    P(switchyard.bluegreen.services#inventory) distinguishes it from a route.
options:
  route:
    description: ARN of the production listener or listener rule.
    type: str
    required: true
  weights:
    description:
      - Whole percents by target group, that sum to 100. A target group is given by its name or its ARN.
      - A test route that exists and has all of these target groups keeps its own weights.
    type: dict
    required: true
  header:
    description: The header that a request to the candidate carries. Application Load Balancers only.
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
    description: The rule's priority, required with O(header).
    type: int
  port:
    description: The port of a listener of its own.
    type: int
  protocol:
    description: The protocol on O(port). By default it is that of the production listener.
    type: str
    choices: [HTTP, HTTPS, TCP, TLS]
  host:
    description:
      - The host of the URL that is returned. With TLS it has to be one that the certificate is for.
      - By default it is the host that the rule asks for, or else the load balancer's DNS name.
    type: str
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeListeners), C(elasticloadbalancing:DescribeRules),
    C(elasticloadbalancing:DescribeLoadBalancers), C(elasticloadbalancing:DescribeTargetGroups),
    C(elasticloadbalancing:DescribeListenerCertificates), C(elasticloadbalancing:CreateRule),
    C(elasticloadbalancing:CreateListener), C(elasticloadbalancing:AddTags),
    C(elasticloadbalancing:AddListenerCertificates), C(elasticloadbalancing:ModifyRule) and
    C(elasticloadbalancing:ModifyListener).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.http_check
"""

EXAMPLES = r"""
- name: Lead requests with a header to the candidate
  switchyard.bluegreen.test_route:
    route: "{{ listener_arn }}"
    weights: {web: 0, web-green: 100}
    header: {name: X-Candidate, value: "{{ secret }}"}
    priority: 1
  register: test

- name: Ask the candidate
  switchyard.bluegreen.http_check:
    url: "{{ test.test_route.url }}"
    headers: "{{ test.test_route.headers }}"
    checks: [{path: /health}]

- name: Listen on a port of its own, with the certificates of production
  switchyard.bluegreen.test_route:
    route: "{{ https_listener_arn }}"
    weights: {web: 0, web-green: 100}
    port: 8443
    host: web.example.com
"""

RETURN = r"""
test_route:
  description: The test route, as the roles take it in variable C(bluegreen_test_route).
  returned: success
  type: dict
  contains:
    arn:
      description: ARN of the rule or the listener; null in check mode while it does not exist.
      type: str
    url:
      description: The URL that reaches it.
      type: str
      sample: https://web.example.com:8443
    headers:
      description: The headers that a request also needs; empty when the test route has a port of its own.
      type: dict
      sample: {"X-Candidate": "yes"}
"""

from ..module_utils._args.traffic.test_route import TestRouteOptions
from ..module_utils._module import run_module
from ..module_utils._ops.traffic.test_route import test_route


def main() -> None:
    run_module(TestRouteOptions, test_route)


if __name__ == "__main__":
    main()
