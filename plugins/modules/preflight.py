# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what would make a release fail, before its first write."""

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
version_added: 1.0.0
short_description: Find what would make a release fail, before it begins
description:
  - Looks at what a release will need, and fails with everything that was found to be wrong in one message.
  - Reads only. An image, an alarm or a group that cannot be read is a finding as well.
  - A quota or a limit that cannot be read, or not be judged, is none, for nothing is proven by it. It is told as a
    warning.
  - What is not given is not looked at.
options:
  service:
    description:
      - The service's name. Then O(routes) and O(target_groups) are its definition, and it is looked at whether the
        service is as it is defined. Every route has to forward to its target groups and nowhere else, these have to
        belong to it and to the load balancers of the routes, and no other release may be under way. DNS records have to
        be such that they can be given weights.
      - The group to build from, and a candidate that is there, are then those of the service. One that serves several
        target groups is refused, as a candidate would serve one.
      - Targets in the candidate's target group that are not instances of its Auto Scaling group are refused. Such
        targets in stable's are named in a warning, with the share of the requests that they carry.
      - A group in the candidate's environment that has to be removed first is refused when it keeps instances in state
        C(Terminating:Retained), which a person has to end.
      - When its stable environment runs O(image_id) with the O(user_data) already, there is nothing to release, and
        nothing else is looked at.
    type: str
  routes:
    description:
      - All routes that split the traffic, each an ARN of a listener or a listener rule, or a dictionary for a DNS
        record, as in O(switchyard.bluegreen.route_weights#module:routes). Of listeners and rules, the targets of both
        groups together are held against what the account allows for one load balancer.
    type: list
    elements: raw
    default: []
  target_groups:
    description: The two environments' target groups, by name or ARN, under the keys V(blue) and V(green).
    type: dict
  test_route:
    description:
      - ARN of the listener or listener rule that reaches only the candidate of a O(service). It may forward to the two
        target groups only, and may not be one of O(routes).
      - A warning names every other listener and rule of the routes' load balancer that sends requests to one of the
        target groups.
    type: str
  group:
    description:
      - The definition of the first Auto Scaling group, for a O(service) that has none. What the group would take is
        looked at as for one that is built from a live group, and that no other group has its name.
    type: dict
    suboptions:
      launch_template:
        description: Options of M(amazon.aws.ec2_launch_template).
        type: dict
        required: true
      autoscaling_group:
        description: Options of M(amazon.aws.autoscaling_group).
        type: dict
        required: true
  stages:
    description:
      - What the run will do. Without V(provision) nothing is built, and the run goes on with the candidate that a
        O(service) has. That it has another one than O(image_id), O(release) and O(user_data) say is then a finding.
      - Without V(provision) and V(swap) the hours, a freeze, the alarms and the strategy do not matter.
    type: list
    elements: str
    choices: [provision, verify, swap, teardown]
    default: [provision, verify, swap, teardown]
  release:
    description: The label of the image. By default, and when it is the image's ID, any label will do.
    type: str
  user_data:
    description:
      - The user data that the release is to have, as plain text; any when it is empty. The same image with other user
        data is another release.
    type: str
  image_id:
    description: Id of the machine image to release. It must exist for this account and region, and be available.
    type: str
  source:
    description:
      - Name of the Auto Scaling group that the candidate is to be built from. Then it is also looked at whether the
        image fits the instance types that the group names (architecture, virtualization type, boot mode), and
        whether there is room for a group of this size beside it. No instance refresh of the group may be under way.
      - Room is one more Auto Scaling group in the region, free addresses in the subnets, and vCPUs under the quota.
        Of several instance types, the one that takes least vCPUs is counted.
      - An instance type or a subnet that does not exist is a finding.
      - Where nothing can be proven, a warning says so and RV(unchecked) has it. These are the vCPUs of a group that
        divides its capacity between On-Demand and Spot Instances or between several quotas, or that has instance types
        of other families than A, C, D, G, H, I, M, P, R, T, VT and Z; and vCPUs and the image's fit of a group whose
        instance types AWS chooses by their attributes.
    type: str
  candidate:
    description:
      - Name of the candidate's group, if there is one already. Then no room for it is looked for.
      - If it launches O(image_id), the release will go on with it as it is. Then it is compared with O(source), which
        may have been changed since, in all that a clone has of it, but for the alarms of its scaling policies and the
        user data. What to do with differences is O(shape_change).
    type: str
  shape_change:
    description:
      - What to do when instances of O(source) were launched from another version of its launch template than it
        names now (a V($Latest) or V($Default) that moved, a version set since), and the two differ in more than the
        image. A candidate would come up in a shape that is not proven live.
      - It is also what to do when a O(candidate) to go on with has other settings than O(source) has now.
      - With V(show) the differences are returned and told, with V(refuse) they are findings.
    type: str
    choices: [show, refuse]
    default: show
  headroom_percent:
    description: By how many percent the candidate is to start larger than O(source) is now.
    type: int
    default: 0
  alarms:
    description:
      - Names of the metric alarms and composite alarms that the release will be watched by. They must exist and be
        readable.
      - None may be in state C(ALARM), for then the release would be taken back at its first step.
        C(INSUFFICIENT_DATA) will do, since the alarms of an environment without traffic have no data.
    type: list
    elements: str
    default: []
  strategy:
    description:
      - How the traffic will be moved. A name, C(all_at_once), C(canary), C(linear) or one of CodeDeploy or AWS SAM such
        as C(AllAtOnce), C(Canary10Percent5Minutes) and C(Linear10PercentEvery1Minute).
      - Or a mapping with C(type) and what differs from its defaults. C(canary) has C(percent), by default 5, and
        C(bake_seconds), by default 600; C(linear) has C(percent), by default 10, and C(interval_seconds), by default
        360; each of the three may have C(final_bake_seconds).
      - Or a list of steps, each with C(weight), the candidate's share of the traffic in whole percents,
        C(bake_seconds), the seconds for which it must stay good there, and C(pause), in which a person is to approve
        what comes next, with C(seconds) and C(then), which is C(rollback) or C(continue). Weights must rise, and the
        last must be 100.
    type: raw
    default: all_at_once
  final_bake_seconds:
    description:
      - For how many seconds the last step will bake where the O(strategy) does not say it and there are O(alarms) or
        O(metrics).
    type: int
    default: 300
  shift_timeout:
    description:
      - How many seconds the whole shift may take; any when V(0). The O(strategy) must not bake for as long or longer.
    type: int
    default: 0
  stickiness_seconds:
    description:
      - For how many seconds the routes will keep a client on its target group, as in
        M(switchyard.bluegreen.listener_weights).
      - By default, the routes stay as sticky as they are.
    type: int
  hooks:
    description:
      - Files of tasks that the release will run at its boundaries, absolute paths by the name of the hook. They must
        exist where the module runs.
      - The hooks are C(before_provision), C(after_provision), C(after_test_traffic), C(before_shift), C(after_shift),
        C(before_settle), C(after_settle), C(before_teardown) and C(on_rollback).
    type: dict
    default: {}
  services:
    description: How many services the play releases side by side.
    type: int
    default: 1
  forks:
    description: How many of them Ansible runs at once. A warning says so when these are fewer than the O(services).
    type: int
  windows:
    description:
      - The hours in which the O(service) may be released, as filter P(switchyard.bluegreen.closed_gates#filter) takes
        them; at any hour when there are none. That it is another hour is a finding, with the next opening.
      - That the service is frozen is one too. See M(switchyard.bluegreen.freeze).
    type: list
    elements: dict
    default: []
  override:
    description:
      - Why the release may pass closed O(windows) and a freeze. RV(msg) has the reason.
      - Or a mapping with C(reason) and C(allow), a list of C(window), C(freeze) and, for a candidate that was returned,
        C(rejected).
      - Empty by default, and then nothing is passed.
    type: raw
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.metrics
  - switchyard.bluegreen.module
notes:
  - Needs C(autoscaling:DescribeAccountLimits), C(autoscaling:DescribeAutoScalingGroups),
    C(autoscaling:DescribeInstanceRefreshes), C(autoscaling:DescribeLaunchConfigurations),
    C(cloudwatch:DescribeAlarms), C(cloudwatch:GetMetricStatistics),
    C(ec2:DescribeImages), C(ec2:DescribeInstanceTypes), C(ec2:DescribeLaunchTemplateVersions),
    C(ec2:DescribeSubnets), C(elasticloadbalancing:DescribeAccountLimits) and C(servicequotas:GetServiceQuota).
  - Where a target group has targets that are not its Auto Scaling group's, C(autoscaling:DescribeAutoScalingInstances).
  - With a O(stickiness_seconds) of 0, C(elasticloadbalancing:DescribeTargetGroupAttributes).
  - For a O(service) also what M(switchyard.bluegreen.service_info) needs, and for a O(candidate)
    C(autoscaling:DescribeLifecycleHooks), C(autoscaling:DescribeNotificationConfigurations),
    C(autoscaling:DescribePolicies), C(autoscaling:DescribeScheduledActions) and
    C(elasticloadbalancing:DescribeTargetGroups).
attributes:
  diff_mode:
    support: none
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.service_info
  - module: switchyard.bluegreen.bake
  - module: switchyard.bluegreen.autoscaling_clone
  - module: switchyard.bluegreen.freeze
  - plugin: switchyard.bluegreen.closed_gates
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find what would make the release fail
  switchyard.bluegreen.preflight:
    service: web
    routes: ["{{ listener_arn }}"]
    target_groups: {blue: web-blue, green: web-green}
    image_id: ami-0123456789abcdef0
    alarms: [web-green-5xx, web-green-latency]
    strategy: {type: canary, percent: 10, bake_seconds: 300}
"""

RETURN = r"""
msg:
  description: That nothing was found, that there is nothing to release, or all findings, numbered.
  returned: always
  type: str
service:
  description:
    - The service as it stands, as M(switchyard.bluegreen.service_info) returns it with everything gathered; null when
      none is named.
  returned: success
  type: dict
brings_up:
  description:
    - What a release would bring up, V(candidate), or the V(first) group of a service that has none, or V(nothing), when
      the stable environment runs the image already.
    - It is also V(first) when a run made the first group and died before it was declared stable.
  returned: success
  type: str
replaces:
  description: Name of the idle environment's group, when it runs something else and has to be removed first; else null.
  returned: success
  type: str
  sample: web-green-v002
relabels:
  description: Name of the group that runs what was asked for under another label than O(release); else null.
  returned: success
  type: str
  sample: null
wanted:
  description:
    - What is to be stable once the release has succeeded, C(image_id), C(release) and C(user_data), the SHA-256 digest
      of the user data. What is empty may be anything.
  returned: success
  type: dict
  sample: {"image_id": "ami-0123456789abcdef0", "release": "1.1.0", "user_data": ""}
findings:
  description: A sentence for each thing that prevents a release.
  returned: always
  type: list
  elements: str
  sample:
    - "AWS refused reading image ami-1: Invalid id: \"ami-1\" (DescribeImages: InvalidAMIID.Malformed)."
    - "The last step must have weight 100, or the release would never be finished; given: 10, 50."
shape_changes:
  description:
    - What a candidate would have otherwise than live instances, by C(field) of the launch template data and C(version)
      that these were launched from; and what the candidate has otherwise than O(source), by the name C(candidate) and
      by C(field) of the group, of the launch template data, or of what is attached, as C(ScalingPolicy more).
    - C(before) and C(after) are the values, null where there is none. They are left out of user data.
  returned: success
  type: list
  elements: dict
  sample: [{field: InstanceType, version: 3, before: t3.small, after: t3.large}]
unchecked:
  description: A sentence for each thing that could not be read or not be judged, and so was not looked at.
  returned: always
  type: list
  elements: str
  sample:
    - "Not checked. Whether an image fits web-blue-v007, and its vCPUs: AWS chooses its instance types by attributes."
"""

from ..module_utils._args.release.preflight import PREFLIGHT
from ..module_utils._module import run_module
from ..module_utils._ops.release.preflight import preflight


def main() -> None:
    run_module(PREFLIGHT, preflight)


if __name__ == "__main__":
    main()
