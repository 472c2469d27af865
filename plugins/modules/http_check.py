# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a candidate through its test route."""

from __future__ import annotations

DOCUMENTATION = r"""
module: http_check
version_added: 1.0.0
short_description: Prove a candidate through its test route
description:
  - Makes HTTP requests at a route that leads to the candidate only, and compares the answers with what is expected.
  - Can demand that every answer says that it comes from the new release, and that every instance has answered.
  - Fails with everything that was not as expected in one message. Nothing is tried again, since a check that fails
    once would fail users as well.
  - Each request is made on a connection of its own, so that the load balancer chooses a target each time. Redirects are
    not followed; a check that expects one names its status.
  - Proxies are taken from the environment (E(http_proxy), E(https_proxy), E(no_proxy)). Requests to the loopback
    addresses of the host, such as V(127.0.0.1), do not use a proxy.
  - Header values, queries and bodies of requests may be secret. Findings show C(***) in their place, also where an
    answer repeats them.
  - Talks to no AWS API and needs no AWS SDK, unless O(instances.group) is given.
options:
  url:
    description:
      - Where the route answers, with C(http) or C(https), and without the paths of the checks.
      - Must be ASCII, and must not contain a query, a user name or a password. To authenticate, set an
        C(Authorization) header in O(headers).
    type: str
    required: true
  headers:
    description: Headers to send with every request, such as the one that a listener rule of the test route asks for.
      Write their values in quotes.
    type: dict
  checks:
    description:
      - Requests to make, and what their answers must be like. They are made in the order given.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the check in findings, in addition to its method and path.
        type: str
      path:
        description: Path, and query, below O(url), in ASCII. Write other characters as in C(%20).
        type: str
        default: /
      method:
        description: HTTP method.
        type: str
        default: GET
      headers:
        description: Headers of this check; they win over those of O(headers).
        type: dict
      body:
        description:
          - Body to send. Structured data is sent as JSON.
          - State what it is with a C(Content-Type) header.
        type: json
      status:
        description: The statuses that are right. An empty list takes any.
        type: list
        elements: int
        default: [200]
      body_pattern:
        description:
          - Python regular expression that must be found somewhere in the body.
          - The search has no time limit. Avoid nested repetitions such as C((a+)+$), which can take hours.
        type: str
      json:
        description:
          - Values that the JSON body must have, by dotted path. A number in a path is an index into a list.
        type: dict
      max_ms:
        description: Milliseconds within which the whole answer of each request must have come.
        type: int
      max_body_bytes:
        description:
          - How many bytes of a body are read, after it is decompressed. The default is 1 MiB.
          - The rest is not read, and a check that needs it fails.
        type: int
        default: 1048576
      repetitions:
        description:
          - How many times to make the request, at most 10,000.
          - They are made side by side, up to eight at a time.
        type: int
        default: 1
  release:
    description:
      - The release that every answer must say it comes from.
      - One of O(release.header) and O(release.json) is required.
    type: dict
    suboptions:
      header:
        description: Header that has the release.
        type: str
      json:
        description: Dotted path of the release in a JSON body.
        type: str
      value:
        description: The release.
        type: str
        required: true
  instances:
    description:
      - The instances that must have answered at least once each, and that nothing else may answer for unless
        O(instances.others) says so.
      - If the checks have not reached all of them, the first check with method V(GET) is repeated, or V(/) is requested
        if there is no such check, until every instance has answered or O(coverage_timeout) ends.
      - One of O(instances.header) and O(instances.json) is required, and O(instances.expected), O(instances.group) or
        both.
    type: dict
    suboptions:
      header:
        description: Header that has the instance's id.
        type: str
      json:
        description: Dotted path of the instance's id in a JSON body.
        type: str
      expected:
        description: The ids of the candidate's instances.
        type: list
        elements: str
      group:
        description:
          - The name of the Auto Scaling group whose instances these are. Without O(instances.expected), those that are
            in service before the first request must answer.
          - If one of them has not answered, or another instance has, the group is read again after the checks.
            Instances that have left it meanwhile need not answer, unless all of them have left, and those that have
            joined it may.
          - Needs boto3 and credentials where the task runs, and the permission
            C(autoscaling:DescribeAutoScalingGroups).
        type: str
      others:
        description:
          - Whether other instances may answer as well, as where the instances of an environment are replaced in place.
        type: bool
        default: false
  timeout:
    description:
      - Seconds within which each request must be answered, from the look-up of the host's name to the end of the body.
      - At most 3600.
    type: float
    default: 10
  validate_certs:
    description:
      - Whether the server's certificate must be valid for the host in O(url).
      - With O(instances.group), also whether the certificate of AWS's API must be valid.
    type: bool
    default: true
  ca_path:
    description:
      - A file with certificates in PEM format of the authorities to trust, in place of those of the system.
      - It is on the host where the task runs.
    type: path
  settle_seconds:
    description:
      - Seconds within which the route must begin to lead to the candidate. Checks begin as soon as several answers at
        once come from the new release and say their instance, or, without O(release) and O(instances), as soon as
        there are answers at all.
      - A change of a listener, a rule or a target group has been accepted when its API call succeeds, but takes a
        moment to reach every node of a load balancer. Checks that are made before prove nothing of the candidate.
      - A certificate that is not valid, and other failures of TLS, are not waited for.
    type: int
    default: 30
  coverage_timeout:
    description:
      - Seconds for the further requests that find instances that have not answered during the checks.
      - The default is 30, or the number of instances if that is more.
    type: int
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
attributes:
  check_mode:
    details: Makes no request in check mode, as one may have effects.
  diff_mode:
    support: none
notes:
  - Delegate the task to a host in the service's network when the controller does not reach the route. Give it
    O(instances.expected) where that host has no boto3 or no credentials.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.bake
  - module: ansible.builtin.uri
"""

EXAMPLES = r"""
- name: Prove the new release through a test listener
  switchyard.bluegreen.http_check:
    url: http://internal-web-123.eu-west-1.elb.amazonaws.com:8001
    release: {header: X-Release, value: 1.1.0}
    instances:
      header: X-Instance-Id
      group: web-green-v002
    checks:
      - name: home page
        body_pattern: <title>Shop</title>
        repetitions: 10
        max_ms: 500
      - name: health
        path: /health
        json: {status: ok, database.connected: true}
      - name: orders need a login
        method: POST
        path: /orders
        body: {article: 7}
        headers: {Content-Type: application/json}
        status: [401, 403]

- name: Prove it through a rule of the production listener
  switchyard.bluegreen.http_check:
    url: https://shop.example.com
    headers: {X-Bluegreen-Test: candidate}
    release: {json: build.release, value: "{{ release }}"}
    checks:
      - path: /
"""

RETURN = r"""
msg:
  description: What the requests came to, as a sentence; everything that is wrong when the task has failed.
  returned: always
  type: str
requests:
  description: Number of requests made. It is V(0) in check mode.
  returned: always
  type: int
findings:
  description: A sentence for each thing that was not as expected.
  returned: always
  type: list
  elements: str
  sample:
    - 'home page (GET /): expected status 200, got 500 with body "out of order" (3 of 10 requests).'
instances:
  description: Ids of the instances that answered, when O(instances) is given.
  returned: always
  type: list
  elements: str
latency:
  description:
    - Milliseconds that the answers to the checks took, from the connection to the end of the body.
    - All are null where nothing answered, and in check mode.
  returned: always
  type: dict
  contains:
    p50:
      description: Half of the answers were at least as fast.
      type: float
    p95:
      description: Of 100 answers 95 were at least as fast.
      type: float
    max:
      description: The slowest.
      type: float
"""

from ..module_utils._args.checks.verify import CheckingOptions
from ..module_utils._module import run_module
from ..module_utils._ops.checks.verify import http_check


def main() -> None:
    run_module(CheckingOptions, http_check)


if __name__ == "__main__":
    main()
