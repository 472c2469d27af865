# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registers targets, or an Auto Scaling group's instances, and waits for healthy or drained."""

from __future__ import annotations

DOCUMENTATION = r"""
module: target_registration
version_added: 1.0.0
short_description: Register targets in a target group, and wait for healthy or drained
description:
  - Registers instances, IP addresses, a Lambda function or an Application Load Balancer in a target group, or
    deregisters them.
  - Or attaches an Auto Scaling group to a target group, or detaches it; the group then registers and deregisters its
    instances itself.
  - Waits until every target is healthy, also when nothing had to be registered, as a target that is registered need not
    be in service. Waits until targets that were deregistered are drained, which takes the deregistration delay of the
    target group even when they are idle.
  - A target that is draining is registered again, so that a rollback gets it back.
  - Nothing is deregistered that was not named, unless O(purge) says so.
  - Registers and deregisters 100 targets per API call. While it waits it makes one API call per target group and look,
    however many targets there are, and for an Auto Scaling group two more.
options:
  target_group:
    description: The target group's name or ARN.
    type: str
    required: true
  targets:
    description:
      - The targets, at least one. The same id on two ports is two targets.
      - Give either this or O(autoscaling_group).
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - What the target group's type asks for, which is an instance id, an IP address, the ARN of a Lambda function,
            or the ARN of an Application Load Balancer.
        type: str
        required: true
      port:
        description:
          - The port that the target listens on.
          - By default, the port of the target group. A Lambda function has none.
        type: int
      availability_zone:
        description:
          - The Availability Zone of an IP address; V(all) for one outside the target group's VPC, where AWS wants it.
          - By default, AWS finds it out, and it may be any zone that the target is registered with.
        type: str
  autoscaling_group:
    description:
      - The name of the Auto Scaling group to attach or detach.
      - Give either this or O(targets).
    type: str
  state:
    description:
      - With V(present), the targets are registered, or the group is attached.
      - With V(absent), the targets are deregistered, or the group is detached.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Whether to deregister every target that is not among O(targets), once these are healthy.
      - Works with O(targets) and O(state=present) only.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait, with O(state=present) until every target is healthy, and for what is deregistered until it is
        drained.
      - With O(autoscaling_group), until the group has its desired capacity in service, and each of its instances in
        service is healthy in every target group that is attached to it. An instance that is replaced meanwhile is
        waited for no longer, but its successor is. A group with a desired capacity of 0 is not waited for.
      - With O(autoscaling_group), the wait ends with the reason as soon as there is evidence that it cannot succeed.
        That is a launch that failed for a reason that does not pass, such as a quota, a missing permission, or an image
        that does not exist, unless one that began later did better. A lack of capacity may pass, as AWS tries other
        Availability Zones; it ends the wait after three failed launches over three minutes without one that did better.
        Or instances that fail their health checks and are taken out of service, more than a tenth of the group and more
        than one, or all of it. Or targets that are unhealthy for longer than the group's health check grace period (300
        seconds if it has none) after they came into service, as many where the group replaces such instances, and any
        where it does not. Counted is what happened since the group was created, or up to a minute before the wait
        began.
      - In a target group without health checks, as most with a Lambda function are, being registered is enough.
      - Waiting for the health of a target group that no listener or rule refers to is refused before anything is
        changed, as AWS does not check the health of its targets.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait for healthy, and how many for drained.
      - To be drained takes the target group's deregistration delay, from 0 to 3600 seconds. Less than that is refused
        before anything is changed.
      - By default 600 seconds; for targets to drain, at least the deregistration delay and a minute.
    type: int
  healthy_reads:
    description: How many looks in a row must find everything healthy, a quarter of a second apart.
    type: int
    default: 3
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTargetHealth),
    C(elasticloadbalancing:RegisterTargets) and C(elasticloadbalancing:DeregisterTargets), or with
    O(autoscaling_group) instead of the last two C(autoscaling:DescribeAutoScalingGroups),
    C(autoscaling:DescribeScalingActivities), C(autoscaling:AttachTrafficSources) and
    C(autoscaling:DetachTrafficSources).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.autoscaling_clone
  - module: switchyard.bluegreen.listener_weights
"""

EXAMPLES = r"""
- name: Register two instances, and wait until both are healthy
  switchyard.bluegreen.target_registration:
    target_group: web-green
    targets:
      - id: i-0123456789abcdef0
      - id: i-0fedcba9876543210
        port: 8081

- name: Have exactly these addresses in the target group
  switchyard.bluegreen.target_registration:
    target_group: web-green
    targets:
      - {id: 10.0.1.7}
      - {id: 192.168.7.7, availability_zone: all}
    purge: true

- name: Take a target out, and wait until its requests are finished
  switchyard.bluegreen.target_registration:
    target_group: web-blue
    targets: [{id: i-0123456789abcdef0}]
    state: absent

- name: Attach an Auto Scaling group, and wait until every instance is healthy in every target group of the group
  switchyard.bluegreen.target_registration:
    target_group: web-green
    autoscaling_group: web-green-v002
    wait_timeout: 900
"""

RETURN = r"""
msg:
  description: How many of the registered targets are healthy.
  returned: success
  type: str
  sample: 3/3 healthy
registered:
  description: What was registered, or would have been in check mode.
  returned: success
  type: list
  elements: dict
  contains: &registration
    id:
      description: The instance id, IP address or ARN.
      type: str
    port:
      description: The port, or V(null) for a Lambda function.
      type: int
    availability_zone:
      description: The Availability Zone, V(all), or V(null) when none was named and AWS returns none.
      type: str
deregistered:
  description: What was deregistered, or would have been in check mode.
  returned: success
  type: list
  elements: dict
  contains: *registration
activities:
  description: The scaling activities that ended the wait, as evidence that it could not succeed.
  returned: when a wait for an Auto Scaling group was ended by evidence
  type: list
  elements: dict
  contains:
    id:
      description: The activity's ID.
      type: str
    description:
      description: What the group did.
      type: str
    cause:
      description: Why it did that, in the words of AWS.
      type: str
    status:
      description: How it went, as C(Successful) or C(Failed).
      type: str
    message:
      description: Why it failed, in the words of AWS; V(null) when it did not.
      type: str
    started:
      description: When it began, ISO 8601.
      type: str
targets:
  description: Every target in the target group at the last look, also those that are draining.
  returned: success, and when waiting took too long or could not succeed
  type: list
  elements: dict
  contains:
    id:
      description: The instance id, IP address or ARN.
      type: str
    port:
      description: The port, or V(null) for a Lambda function.
      type: int
    availability_zone:
      description: The Availability Zone, V(all), or V(null) when AWS returns none.
      type: str
    state:
      description: One of initial, healthy, unhealthy, unhealthy.draining, unused, draining, unavailable.
      type: str
    reason:
      description: AWS's reason code, or V(null) when it is healthy.
      type: str
      sample: Target.ResponseCodeMismatch
    description:
      description: The reason in words, or V(null) when it is healthy.
      type: str
    zonal_shift:
      description: Whether it gets no requests because of a zonal shift, whatever its health is.
      type: bool
"""

from ..module_utils._args.targets.registration import RegistrationOptions
from ..module_utils._module import run_module
from ..module_utils._ops.targets.registration import target_registration


def main() -> None:
    run_module(RegistrationOptions, target_registration)


if __name__ == "__main__":
    main()
