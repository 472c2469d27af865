# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the lease of a service, and gives it back."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lease
version_added: 1.0.0
short_description: Take the lease of a service, so that nobody else changes it
description:
  - One run at a time changes a service. It takes the lease before its first change, renews it while it works, and
    returns it when it ends. The lease of a run that died expires after O(seconds), or at once if the next run can see
    that the process is gone.
  - The lease is kept in tags of the service's target groups, one for each run that asks for it. Elastic Load Balancing
    has no conditional write, so a run writes its tag, waits half a second, reads back, and refuses when another run has
    the lease or was there first.
  - What the module returns as RV(lease) is option O(ignore:lease) of each module that changes or watches the service.
    Such a module stops before its first change when the lease was lost, and renews it while it waits.
  - The clocks of the controllers must not differ by more than 5 seconds.
options:
  state:
    description:
      - V(held) takes the lease, V(released) gives it back.
      - M(switchyard.bluegreen.outcome) gives it back as well.
    type: str
    choices: [held, released]
    default: held
  routes:
    description:
      - What splits the service's traffic, ARNs of listeners and listener rules, and DNS records, as in
        M(switchyard.bluegreen.service_info). Needed with O(expected) only.
    type: list
    elements: raw
    default: []
  run:
    description: The id of the run. It is the same in all its tasks, and no other run has it.
    type: str
    required: true
  doing:
    description: What the run does, such as C(deploy), for those who are refused. Required when O(state=held).
    type: str
  by:
    description:
      - Who runs it. By default the job of AWX, of GitHub Actions, GitLab, Jenkins, Azure Pipelines or CircleCI, or the
        user, the host and the process.
    type: str
    default: ''
  process:
    description: The process that ends with the run. By default that of C(ansible-playbook).
    type: str
    default: ''
  seconds:
    description: How long the lease lasts unless it is renewed.
    type: int
    default: 90
  expected:
    description:
      - The service as it was when the run was planned, as M(switchyard.bluegreen.service_info) returns it.
      - When its stable environment, weights, groups or images have changed since, the lease is given back and the
        module fails.
    type: dict
  return_role:
    description:
      - The ARN of the role with which AWS returns the traffic when the run stops responding. Schedules that a run has
        left are postponed before anything else.
      - By default AWS returns nothing.
    type: str
  return_after:
    description: With O(return_role), how long after the run has stopped responding AWS returns the traffic, in seconds.
    type: int
    default: 300
  store:
    description:
      - The URL of a store, C(s3://bucket/prefix) or C(file:///directory), in which the lease is kept by conditional
        writes. By default it is kept in tags.
    type: str
  override:
    description:
      - A mapping with C(reason) and C(allow). With V(lease) in C(allow), the lease is taken from a run that has it,
        which stops before its next change. With V(store), a store that cannot be used is left out, and the lease is
        kept in tags.
    type: raw
  plan:
    description:
      - What M(switchyard.bluegreen.plan) returned. With O(store), the record of the run begins with it.
    type: dict
extends_documentation_fragment:
  - switchyard.bluegreen.notifying
  - switchyard.bluegreen.service
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTags),
    C(elasticloadbalancing:AddTags) and C(elasticloadbalancing:RemoveTags); with O(expected) also those of
    M(switchyard.bluegreen.service_info).
attributes:
  diff_mode:
    support: none
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.plan
  - module: switchyard.bluegreen.outcome
"""

EXAMPLES = r"""
- name: Take the lease
  switchyard.bluegreen.lease:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    run: "{{ run_id }}"
    doing: schema change
  register: held

- name: Give it back
  switchyard.bluegreen.lease:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    run: "{{ run_id }}"
    state: released
"""

RETURN = r"""
lease:
  description: For option C(lease) of the modules that work under it; null once it is given back.
  returned: success
  type: dict
"""

from ..module_utils._args.lease.lease import TakeOptions
from ..module_utils._module import run_module
from ..module_utils._ops.release.lease import lease


def main() -> None:
    run_module(TakeOptions, lease)


if __name__ == "__main__":
    main()
