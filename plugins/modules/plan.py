# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a run, before its first write."""

from __future__ import annotations

DOCUMENTATION = r"""
module: plan
version_added: 1.0.0
short_description: Plan a release, or refuse it
description:
  - Reads the variables C(bluegreen_*) of the host and the state of the service. Returns the
    stages that the run will take, as data, or fails with everything that prevents them in one message. Changes nothing.
  - Each variable is evaluated once. What a lookup answers later changes nothing of the run.
  - Hooks that are not defined, pauses that nobody asked for and steps that are taken already are not among the stages.
  - Refuses a service that is not as it is defined. Every route has to forward to its target groups and nowhere else,
    these have to belong to it and to the load balancers of the routes, and no other release may be in progress. Routes
    must be such that they can be given weights.
  - Refuses a gate that is closed, which is a freeze or the hours outside C(bluegreen_windows), unless
    C(bluegreen_override) says why it may be passed; and to move traffic to a candidate that was rejected.
  - Refuses an image, an alarm or a group to build from that does not exist or cannot be read, and an alarm in state
    C(ALARM). C(INSUFFICIENT_DATA) is accepted, because the alarms of an environment without traffic have no data. An
    alarm that is only about the idle environment is accepted, except for a roll, and so is one that is only about a
    stable environment that is down.
  - Refuses an image that does not fit the instance types that the group names (architecture, virtualization type, boot
    mode). Refuses a group whose instances are being replaced by an instance refresh, and one that does not serve
    exactly the target groups of its environment.
  - Refuses a candidate for which there is no room next to the live environment. Room is one more Auto Scaling group in
    the region, free addresses in the subnets, vCPUs under the quota, and targets under the limit of each load balancer.
    Of several instance types, the one that takes least vCPUs is counted.
  - Refuses targets in the candidate's target group that are not instances of its Auto Scaling group, and a group to be
    removed first that keeps instances in state C(Terminating:Retained), which a person has to end.
  - What a candidate would have otherwise than what is live is shown, or refused with C(bluegreen_shape_change=refuse).
    This is so where instances were launched from another version of the launch template than the group names now, such
    as a V($Latest) that moved, and where a candidate that is there has other settings than the live group.
  - Warns of targets of the stable environment that are not its group's instances, and of listeners and rules that send
    requests to the service and are not among its routes. Also warns of a stable environment that is down, of a release
    that nothing watches, of too few forks, and of a strategy with which services wait for each other.
  - What cannot be checked produces a warning, and RV(unchecked) lists it. A quota or limit may not be readable. The
    vCPUs cannot be checked for a group that divides its capacity between On-Demand and Spot Instances or between
    several quotas. The same is true for instance types of other families than A, C, D, G, H, I, M, P, R, T, VT and Z.
    Neither the vCPUs nor the fit of the image can be checked for a group whose instance types AWS chooses by their
    attributes.
  - Refuses while another run has the lease of the service (M(switchyard.bluegreen.lease)), and names it.
options:
  stages:
    description:
      - The parts of a release that the run is for. Without V(provision) nothing is built, and the run continues with
        the candidate that the service has. Without V(provision) and V(swap) the gates and the alarms do not matter.
      - V(roll) is for a run that replaces the instances of the environment that is live, with
        M(switchyard.bluegreen.instance_refresh). It has no stages. A second environment is then refused.
      - V(watch) is for a run that cleans up after other runs. Its plan returns the traffic of a release whose run died,
        or resumes that release (C(bluegreen_abandoned)), or removes a candidate whose C(bluegreen_keep_failed) has
        ended, or returns to the previous release when C(bluegreen_event_alarm) is in state C(ALARM). Mostly it has no
        stages, and RV(watch) says why. A service that is not as it is defined is not refused.
    type: list
    elements: str
    choices: [provision, verify, swap, teardown, roll, watch]
    default: [provision, verify, swap, teardown]
  definition:
    description:
      - The definition of the service, by the names of the variables without C(bluegreen_).
      - By default the variables of the host, which are read and checked on the controller.
    type: dict
    required: true
  user_data:
    description: The user data of the release, as plain text. By default that of the host's variables.
    type: str
    default: ""
  findings:
    description: What is wrong with the variables. The plan is refused with these and with all else that is found.
    type: list
    elements: str
    default: []
  doubts:
    description: What is wrong with variables that only a release needs. A watch then resumes no release.
    type: list
    elements: str
    default: []
  remarks:
    description: What to warn of in the variables.
    type: list
    elements: str
    default: []
  services:
    description: How many services are released side by side. By default the hosts of the play's batch.
    type: int
    default: 1
  forks:
    description: How many of them Ansible works on at a time. By default its number of forks.
    type: int
  begins_after:
    description:
      - How many seconds the plan waits before its first call, so that many services do not use up the request rates of
        their account. By default C(10) for each service of the play after the tenth that begins with it.
    type: float
    default: 0
  strategy:
    description: The strategy plugin of the play. By default that of the play.
    type: str
  others:
    description:
      - The services of the same run. Two whose outcomes would have the same name are refused. By default the hosts of
        the play.
    type: list
    elements: str
    default: []
  failed:
    description: Services of the same run that were returned or halted. By default those of the play.
    type: list
    elements: str
    default: []
  max_failed:
    description:
      - How many services may have O(failed). By default C(bluegreen_max_failed); without it, V(0) in a play of several
        batches, and no limit in another one.
    type: int
  run:
    description: The id of the run. By default a new one.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs C(autoscaling:DescribeAccountLimits), C(autoscaling:DescribeAutoScalingGroups),
    C(autoscaling:DescribeInstanceRefreshes), C(autoscaling:DescribeLaunchConfigurations), C(cloudwatch:DescribeAlarms),
    C(cloudwatch:GetMetricStatistics), C(ec2:DescribeImages), C(ec2:DescribeInstanceTypes), C(ec2:DescribeKeyPairs),
    C(ec2:DescribeLaunchTemplateVersions), C(ec2:DescribeLaunchTemplates), C(ec2:DescribeSecurityGroups),
    C(ec2:DescribeSubnets), C(elasticloadbalancing:DescribeAccountLimits), C(servicequotas:GetServiceQuota), and what
    M(switchyard.bluegreen.service_info) needs.
  - Where a target group has targets that are not its Auto Scaling group's, C(autoscaling:DescribeAutoScalingInstances).
  - For routes of a load balancer, C(elasticloadbalancing:DescribeTargetGroupAttributes), and for those of a Network
    Load Balancer C(elasticloadbalancing:DescribeLoadBalancerAttributes).
  - For a candidate that is there, C(autoscaling:DescribeLifecycleHooks),
    C(autoscaling:DescribeNotificationConfigurations), C(autoscaling:DescribePolicies),
    C(autoscaling:DescribeScheduledActions) and C(elasticloadbalancing:DescribeTargetGroups).
  - With a C(bluegreen_image) that names a parameter, C(ssm:GetParameter). Where an image is not found,
    C(ec2:GetAllowedImagesSettings) lets the finding say whether Allowed AMIs hides it; without that permission, the
    finding does not say so.
  - With a C(bluegreen_store) in a bucket, C(s3:GetObject) and C(s3:ListBucket).
  - In check mode, C(changed) says whether the run would do anything, and the diff shows what each stage would change.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.outcome
  - module: switchyard.bluegreen.service_info
  - module: switchyard.bluegreen.freeze
  - plugin: switchyard.bluegreen.closed_gates
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Plan the release of the host's service
  switchyard.bluegreen.plan:
  register: release_plan

- name: Show what it would do
  ansible.builtin.debug:
    msg: "{{ release_plan.stages | map(attribute='title') }}"
"""

RETURN = r"""
stages:
  description:
    - What the run will do, in order. Each has C(number), C(of), C(do), a C(title) for people, the C(role) and the
      C(tasks) that do it, and what these are given.
  returned: success
  type: list
  elements: dict
run:
  description: The id of the run.
  returned: success
  type: str
  sample: 20260106T120000Z-1f3a
asked:
  description: What the record of the run has if it is refused, also when the module fails.
  returned: always
  type: dict
definition:
  description: The whole definition of the service, by the names of the variables without C(bluegreen_).
  returned: success
  type: dict
image:
  description:
    - What C(bluegreen_image) has found. C(id), C(name) and C(created) are of the image, C(rule) says in words what was
      looked for; null without a rule.
    - The image is not V(wanted) where the service runs one that was created later, and stays on that.
  returned: success
  type: dict
  sample: {"id": "ami-0123456789abcdef0", "name": "web-2026-11-28", "created": "2026-11-28T02:10:00.000Z",
           "rule": "images named web-* of self"}
doing:
  description: What the run does in a word, for its lease; empty when it has nothing to do.
  returned: success
  type: str
  sample: deploy
parts:
  description: As O(stages); for a watch that resumes a release, the parts of that release.
  returned: success
  type: list
  elements: str
service:
  description: The service as M(switchyard.bluegreen.service_info) returns it.
  returned: success
  type: dict
brings_up:
  description:
    - What is to be brought up, V(candidate), V(first) for a service without a group, or V(nothing); V(roll) for a roll.
    - It is also V(first) when a run made the first group and died before it was declared stable.
  returned: success
  type: str
replaces:
  description: Name of the idle environment's group, when it runs something else and has to be removed first; else null.
  returned: success
  type: str
relabels:
  description: Name of the group that runs what was asked for under another label; else null.
  returned: success
  type: str
watch:
  description: What a watch does, C(do), which is V(return), V(resume), V(remove), V(roll_back) or empty, and C(why).
  returned: with V(watch) in O(stages)
  type: dict
  sample: {"do": "", "why": "web-green-v003 was rejected, and stays until 2026-01-07 03:10 UTC."}
wanted:
  description:
    - What is to run at the end, C(image_id), C(release) and C(user_data), the SHA-256 digest of the user data. What is
      empty may be anything.
  returned: success
  type: dict
  sample: {"image_id": "ami-0123456789abcdef0", "release": "1.1.0", "user_data": ""}
findings:
  description: A sentence for each thing that prevents the run.
  returned: always
  type: list
  elements: str
unchecked:
  description: A sentence for each thing that could not be read or not be judged.
  returned: always
  type: list
  elements: str
shape_changes:
  description:
    - How a candidate would differ from live instances, by C(field) of the launch template data and C(version) that
      these were launched from. For a candidate that exists, how it differs from the live group, by the name
      C(candidate) and by C(field) of the group, of the launch template data, or of what is attached, as C(ScalingPolicy
      more).
    - C(before) and C(after) are the values, or null. They are left out for user data.
  returned: success
  type: list
  elements: dict
  sample: [{field: InstanceType, version: 3, before: t3.small, after: t3.large}]
msg:
  description: What was found.
  returned: always
  type: str
"""

from ..module_utils._args.release.plan import PlanOptions
from ..module_utils._module import run_module
from ..module_utils._ops.release.plan import plan


def main() -> None:
    run_module(PlanOptions, plan)


if __name__ == "__main__":
    main()
