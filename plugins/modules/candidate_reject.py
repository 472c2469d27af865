# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rejects a candidate whose release has failed or whose traffic has returned."""

from __future__ import annotations

DOCUMENTATION = r"""
module: candidate_reject
version_added: 1.0.0
short_description: Reject a candidate, and end what a release has prepared
description:
  - Does what is left to do after M(switchyard.bluegreen.traffic_return), when users are safe again.
  - The candidate is marked as rejected, so that nobody moves traffic to it again by mistake. A request for approval is
    taken back. Groups that were pinned scale by themselves again, but for a group that is retained.
  - With O(run), a candidate that another run acts on is left to that run, and so are the pins.
  - What is to be removed is returned, and not removed.
options:
  stable:
    description: The color that is stable, where the tags that say it were lost.
    type: str
    choices: [blue, green]
  reason:
    description: Why the candidate is rejected. Without a reason no candidate is marked.
    type: str
  run:
    description: The id of the run that failed. By default, it does not matter who acts on the candidate.
    type: str
  stage:
    description: The stage of the plan that failed, if it failed because instances did not come up.
    type: dict
  failed_candidate:
    description:
      - V(keep) removes nothing. V(auto) removes a candidate that the run built and that never came up. V(remove) also
        removes one that failed later.
    type: str
    choices: [auto, keep, remove]
    default: keep
extends_documentation_fragment:
  - switchyard.bluegreen.service
  - switchyard.bluegreen.routes
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions of M(switchyard.bluegreen.service_info) without health,
    M(switchyard.bluegreen.environment_mark) and M(switchyard.bluegreen.autoscaling_capacity).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.traffic_return
  - module: switchyard.bluegreen.environment_mark
  - module: switchyard.bluegreen.autoscaling_capacity
"""

EXAMPLES = r"""
- name: Reject what the traffic was returned from
  switchyard.bluegreen.candidate_reject:
    service: web
    routes:
      - arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2
    target_groups: {blue: web-blue, green: web-green}
    reason: Alarm web-green-5xx went into ALARM.
"""

RETURN = r"""
service:
  description:
    - The service as it was found, as M(switchyard.bluegreen.service_info) returns it of its routes and its groups.
  returned: success
  type: dict
  sample: {"service": "web", "stable": "blue", "candidate": "green", "phase": "provisioned"}
rejected:
  description: The Auto Scaling group that was marked as rejected; null for none.
  returned: success
  type: str
  sample: web-green-v002
released:
  description: The Auto Scaling groups that scale by themselves again.
  returned: success
  type: list
  elements: str
  sample: [web-blue-v001]
removal:
  description: What is to be removed; null for nothing.
  returned: success
  type: dict
  contains:
    group:
      description: The Auto Scaling group.
      type: str
    color:
      description: Its environment.
      type: str
    target_groups:
      description: The ARNs of its target groups.
      type: list
      elements: str
    served:
      description: Whether it has served, and is to be drained.
      type: bool
    first:
      description: Whether it is the first group of a service, whose name the next attempt takes again.
      type: bool
"""

from ..module_utils._args.release.rejection import RejectOptions
from ..module_utils._module import run_module
from ..module_utils._ops.release.rejection import candidate_reject


def main() -> None:
    run_module(RejectOptions, candidate_reject)


if __name__ == "__main__":
    main()
