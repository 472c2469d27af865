# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches alarms and target health for a time."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bake
version_added: 1.0.0
short_description: Watch alarms and target health for a time, and return a verdict
description:
  - Watches CloudWatch alarms and the health of target groups for a number of seconds, and returns a verdict with its
    evidence. Reads only.
  - The verdict is V(fail) as soon as an alarm is in state C(ALARM), an alarm does not exist, something cannot be
    read, or a target group has too few healthy targets in two looks in a row. A single look could be a read that is
    not up to date yet, or a target that was just replaced.
  - The verdict is V(inconclusive) when at the end an alarm is in state C(INSUFFICIENT_DATA), or when it is the last
    look alone that finds a target group short. No data is never a pass.
  - Otherwise it is V(pass), also when there was nothing to be watched.
  - A verdict other than V(pass) does not fail the task; say what it means to you with C(failed_when).
options:
  seconds:
    description:
      - How long to watch. With V(0), and in check mode, there is one look.
      - Give an alarm time to notice. Its period times its datapoints to alarm is the least, and load balancers
        publish their metrics every minute.
    type: int
    required: true
  interval:
    description:
      - Seconds between looks, shortened by chance by up to a quarter so that services which are watched at the same
        time do not look in step. The last look is when O(seconds) are over.
      - A look is one call of DescribeAlarms for each 100 alarms and one of DescribeTargetHealth for each target group.
        By default CloudWatch answers 9 calls of DescribeAlarms a second in an account and region, so watch many
        services at once with a longer interval.
    type: float
    default: 5
  alarms:
    description:
      - Names of metric alarms and composite alarms.
      - Composite alarms can only be read with the permission C(cloudwatch:DescribeAlarms) on all alarms.
    type: list
    elements: str
    default: []
  target_groups:
    description: Target groups, and how many healthy targets each must have.
    type: list
    elements: dict
    default: []
    suboptions:
      target_group:
        description: Name or ARN of the target group.
        type: str
        required: true
      minimum_healthy:
        description:
          - The least number of healthy targets. Where health checks are disabled, as they are by default for Lambda
            functions, every registered target counts as healthy.
        type: int
        required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
attributes:
  check_mode:
    details: Looks once in check mode.
  diff_mode:
    support: none
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.preflight
  - module: amazon.aws.cloudwatch_metric_alarm
"""

EXAMPLES = r"""
- name: Watch the new release for five minutes
  switchyard.bluegreen.bake:
    seconds: 300
    alarms: [web-green-5xx, web-green-latency]
    target_groups:
      - {target_group: web-green, minimum_healthy: 3}
  register: baked
  failed_when: baked.verdict != 'pass'

- name: Look once whether the stable environment could take the traffic back
  switchyard.bluegreen.bake:
    seconds: 0
    target_groups:
      - {target_group: web-blue, minimum_healthy: 3}
  register: stable
"""

RETURN = r"""
verdict:
  description: V(pass), V(fail) or V(inconclusive).
  returned: success
  type: str
msg:
  description: The reasons of the verdict, or what was watched when all was well.
  returned: always
  type: str
  sample: >-
    Alarm web-green-5xx is in ALARM: Threshold Crossed: 1 out of the last 1 datapoints [31.2 (01/06/26 12:00:00)] was
    greater than the threshold (5.0).
reasons:
  description: A sentence for each alarm, target group or failed call that stands against a pass.
  returned: success
  type: list
  elements: str
alarms:
  description: Each alarm as it was at the last look, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The alarm's name.
      type: str
    state:
      description: V(OK), V(ALARM), V(INSUFFICIENT_DATA), or V(MISSING) for an alarm that AWS does not tell of.
      type: str
    reason:
      description: The reason that AWS gives for the state.
      type: str
    updated:
      description: When the state was last set, as ISO 8601; null for a missing alarm.
      type: str
target_groups:
  description: Each target group as it was at the last look, in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    target_group_arn:
      description: The target group's ARN.
      type: str
    healthy:
      description: Number of healthy targets.
      type: int
    minimum_healthy:
      description: Number of healthy targets that were asked for.
      type: int
    targets:
      description: Every target that is registered or draining.
      type: list
      elements: dict
      contains:
        id:
          description: Instance id, IP address, or the ARN of a function or load balancer.
          type: str
        port:
          description: Port, or null for a function.
          type: int
        availability_zone:
          description: Zone, where AWS tells it.
          type: str
        state:
          description: State of the target, such as V(healthy), V(unhealthy), V(initial), V(unused) or V(draining).
          type: str
        reason:
          description: AWS's reason code, such as V(Target.ResponseCodeMismatch); null for a healthy target.
          type: str
        description:
          description: AWS's description of the reason; null for a healthy target.
          type: str
seconds:
  description: How long was watched.
  returned: success
  type: float
"""

from ..module_utils._args import BAKE
from ..module_utils._module import run_module
from ..module_utils._ops.bake import bake


def main() -> None:
    run_module(BAKE, bake)


if __name__ == "__main__":
    main()
