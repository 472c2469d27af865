# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches alarms, target health and metrics for a time."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bake
version_added: 1.0.0
short_description: Watch alarms, target health and metrics for a time, and return a verdict
description:
  - Watches CloudWatch alarms, the health of target groups and metrics for a number of seconds, and returns a verdict
    with its evidence. Reads only.
  - The verdict is V(fail) as soon as an alarm is in state C(ALARM), an alarm does not exist, something cannot be
    read, or a target group has too few healthy targets in two looks in a row. A single look could be a read that is
    not up to date yet, or a target that was just replaced.
  - Metrics are compared with thresholds, and with those of the stable color (see O(baseline)). A comparison fails
    when the difference is statistically significant and also large enough to matter. Neither is sufficient alone. With
    much traffic, the smallest difference is significant, and with little traffic, a large difference can be random.
  - Rates are compared by Fisher's exact test, latency by the rank test of Mann and Whitney over the requests of both
    colors; CloudWatch returns how many requests took how long, in ranges that are 25 % apart. Requests that come and
    fail in bursts count as fewer independent requests, by the variation between stable's own minutes; an outage of
    stable does not count as variation. If that leaves too few independent requests, a candidate that looks worse is
    V(inconclusive). So is a candidate that is only worse in some periods, if stable had such periods too.
  - Metrics arrive late, and the values of the latest minute still increase. Therefore a period is judged only when it
    ended at least O(metrics_lag) ago. If any metric is not a dry run, the bake lasts that much longer than O(seconds).
    Thresholds and points are of whole periods, without that in which the watch began.
  - The bake may end early on overwhelming evidence. All its looks and all metrics that decide share one probability of
    a false alarm, O(significance).
  - The verdict is V(inconclusive) when, at the end, an alarm is in state C(INSUFFICIENT_DATA), a metric does not have
    enough data to compare, or requests do not follow the weights. It is also V(inconclusive) when only the last check
    finds a target group short of healthy targets. No data is never a pass.
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
      - Each check makes one call of DescribeAlarms for each 100 alarms and one of DescribeTargetHealth for each target
        group. By default CloudWatch answers 9 calls of DescribeAlarms a second in an account and region, so watch many
        services at once with a longer interval.
    type: float
    default: 5
  deadline:
    description:
      - The moment, in seconds since the epoch as C(now().timestamp()) gives it, at which the watch ends and the verdict
        is V(fail), whatever was seen. None by default.
    type: float
  approval:
    description:
      - A person's approval, as M(switchyard.bluegreen.approval) asks for it, that ends the watch before its time. None
        by default.
      - When the question was taken back, as a rollback does, the verdict is V(fail).
      - Needs the permission C(autoscaling:DescribeAutoScalingGroups).
    type: dict
    suboptions:
      group:
        description: Name of the candidate's Auto Scaling group.
        type: str
        required: true
      weight:
        description: The percent of the traffic at which it waits; an approval at another weight does not count.
        type: int
        required: true
      then:
        description:
          - What happens when nobody has approved in time. With V(rollback) the verdict is V(fail). With V(continue)
            it does not count against a pass; see RV(approved_by).
        type: str
        choices: [continue, rollback]
        default: continue
  routes:
    description:
      - Routes whose weights were changed just before, each an ARN of a listener or a listener rule, or a dictionary for
        a DNS record, as in O(switchyard.bluegreen.route_weights#module:routes). The watch lasts on until the load
        balancers are seen to follow them, for a call that has succeeded has not reached every one of their nodes yet.
      - Each target group must have answered its share of the requests in a whole minute, as C(RequestCount) in
        CloudWatch shows it, within five percentage points or random variation. Metrics come every 60 seconds and up to
        a minute or two late, so that a bake of three minutes or more takes no longer for it.
      - Sticky routes and DNS records distribute clients, not requests. There the watch lasts until a whole minute of
        requests has been counted, with DNS records after their TTL, when earlier answers have expired.
      - There is no wait without traffic, and on a Network Load Balancer, which counts no requests. None by default.
      - Needs the permissions C(cloudwatch:GetMetricData) and C(elasticloadbalancing:DescribeListeners) or
        C(elasticloadbalancing:DescribeRules). For DNS records, also C(route53:ListResourceRecordSets) and
        C(route53:ListHostedZonesByName).
    type: list
    elements: raw
    default: []
  strays:
    description:
      - Whether other listeners or rules than O(routes) send requests to the target groups as well. These are counted
        like those of the routes, so the shares are not compared with the weights, and the watch lasts until a whole
        minute of requests has been counted.
    type: bool
    default: false
  propagation_timeout:
    description:
      - For how many seconds at most, from its beginning, the watch lasts for O(routes). Where requests contradict the
        weights then, the verdict is V(inconclusive). So it is as soon as they cannot be read twice in a row.
    type: int
    default: 300
  alarms:
    description:
      - Names of metric alarms and composite alarms.
      - Composite alarms can only be read with the permission C(cloudwatch:DescribeAlarms) on all alarms.
    type: list
    elements: str
    default: []
  quiet_timeout:
    description:
      - How many seconds to wait at most, before the bake begins, until no alarm that is only about O(candidate) is in
        state C(ALARM). The metrics of such an alarm all have its target group or its C(auto_scaling_group) as a
        dimension. Before the first shift, such an alarm is about the previous release in that environment.
    type: int
    default: 0
  judge_stable:
    description:
      - Whether the health of O(stable) in O(target_groups) and alarms that are only about it count.
      - With V(unless_down), they do not when it is short of healthy targets at the first look that can read all
        O(target_groups), which RV(stable_down) then says. What was down before says nothing about the release.
      - With V(once_up), for an environment that was down before, they do not until it has enough healthy targets again
        and no alarm that is only about it is in state C(ALARM). Metrics do not need enough samples of it, and it is not
        checked that requests follow the weights.
    type: str
    choices: [always, unless_down, once_up]
    default: always
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
      group:
        description:
          - The Auto Scaling group whose capacity says how many targets must be healthy, where
            O(target_groups[].minimum_healthy) does not. It is read once, when the bake begins.
        type: str
      capacity:
        description: Which capacity of O(target_groups[].group) counts; the minimum of a pinned group as it was before.
        type: str
        choices: [desired, minimum]
        default: desired
      percent:
        description: How much of this capacity must be healthy, rounded up to whole targets, for example during a
          rolling release.
        type: int
        default: 100
        version_added: 1.1.0
  metrics_interval:
    description:
      - Seconds between looks at metrics. Each look sends one query for each metric that is not a dry run. If it finds a
        complete period that was not read yet, all queries are sent.
    type: float
    default: 15
  metrics_lag:
    description:
      - How many seconds after its end a period of metrics is complete in CloudWatch. Load balancers send their metrics
        every 60 seconds; expect them one to two minutes late.
      - There is no such wait with O(approval), or if every metric is a O(metrics[].dry_run).
    type: float
    default: 120
  candidate:
    description: The color that is judged. Needed with O(metrics).
    type: dict
    suboptions:
      target_group:
        description: Name or ARN of its target group, whose metrics are read.
        type: str
        required: true
      other_target_groups:
        description: Names or ARNs of further target groups that it serves.
        type: list
        elements: str
        default: []
      placeholders:
        description: What other names in braces stand for in queries, such as the name of its Auto Scaling group.
        type: dict
        default: {}
  stable:
    description: The color that it is compared with. Needed with metrics that are compared.
    type: dict
    suboptions:
      target_group:
        description: Name or ARN of its target group, whose metrics are read.
        type: str
        required: true
      other_target_groups:
        description: Names or ARNs of further target groups that it serves.
        type: list
        elements: str
        default: []
      placeholders:
        description: What other names in braces stand for in queries.
        type: dict
        default: {}
  baseline:
    description:
      - Which minutes of stable are compared with the candidate's. V(same_minutes) are those of the bake, so that
        whatever else happens happens to both.
      - V(before) is for when stable has no traffic left. It stands for the O(seconds) before the bake. Other changes
        since then cannot be distinguished from the release.
      - Response times depend on the load. With V(before), they are also compared with the last minutes before the bake
        in which stable answered at least 85 % of the requests of both colors, as many as O(seconds) last. They fail the
        bake only if the candidate is slower than both. These minutes are looked for in the last six hours, and if there
        are none, in the last two weeks; with periods of less than a minute, in the last three hours.
      - If stable had too few requests in the O(seconds) before the bake, as when a run continues a release, rates and
        response times are compared with these earlier minutes alone.
      - With V(before), an alarm in state C(INSUFFICIENT_DATA) that is only about O(stable) does not count.
      - V(before_for_latency) is V(same_minutes), but response times are also compared with those earlier minutes, and
        fail the bake only if the candidate is slower than both. It is for when the candidate has more traffic than
        stable, whose response times are then those of less load.
    type: str
    choices: [same_minutes, before, before_for_latency]
    default: same_minutes
  significance:
    description:
      - The probability that a release which is no worse fails the comparisons of this bake, at most. Fewer false alarms
        mean that it takes more traffic to notice.
      - For a release with several bakes, divide the probability for the whole release by their number, as the role
        C(swap) does with the default.
    type: float
    default: 0.01
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.metrics
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
  - module: switchyard.bluegreen.plan
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

- name: Compare the errors and the latency of the canary with those of the stable color
  switchyard.bluegreen.bake:
    seconds: 300
    metrics:
      - name: errors
      - name: latency
        effect: {ratio: 1.5}
    candidate: {target_group: web-green}
    stable: {target_group: web-blue}
  register: baked
  failed_when: baked.verdict == 'fail'

- name: Hold slow requests, lost orders and processor load against bounds of one's own
  switchyard.bluegreen.bake:
    seconds: 600
    metrics:
      - name: slow requests
        compare: rate
        queries:
          - id: slow
            namespace: AWS/ApplicationELB
            metric_name: TargetResponseTime
            dimensions: {TargetGroup: "{target_group}", LoadBalancer: "{load_balancer}"}
            statistic: TC(0.5:)
          - id: answers
            namespace: AWS/ApplicationELB
            metric_name: TargetResponseTime
            dimensions: {TargetGroup: "{target_group}", LoadBalancer: "{load_balancer}"}
            statistic: SampleCount
        numerator: [slow]
        denominator: answers
      - name: lost orders
        compare: none
        queries:
          - {id: lost, namespace: Shop, metric_name: OrdersLost, dimensions: {Group: "{group}"}}
          - {id: filled, expression: "FILL(lost, 0)"}
        value: filled
        threshold: {above: 3, allowed: 1}
      - name: processor
        compare: points
        queries:
          - id: cpu
            namespace: AWS/EC2
            metric_name: CPUUtilization
            dimensions: {AutoScalingGroupName: "{group}"}
            statistic: Average
        value: cpu
        dry_run: true
    candidate: {target_group: web-green, placeholders: {group: web-green-v002}}
    stable: {target_group: web-blue, placeholders: {group: web-blue-v001}}
  register: baked
  failed_when: baked.verdict == 'fail'

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
  description:
    - The reasons of a failure. Otherwise one line says how many requests the candidate got in the latest whole minute,
      how the alarms stand and how many targets are healthy; the reasons for doubt and the numbers of metrics follow it.
    - CloudWatch publishes requests one to two minutes late. Until then they are reported as not yet counted, and
      not at all where O(seconds) and O(propagation_timeout) are 0.
  returned: always
  type: str
  sample: >-
    Alarm web-green-5xx is in ALARM: Threshold Crossed: 1 out of the last 1 datapoints [31.2 (01/06/26 12:00:00)] was
    greater than the threshold (5.0).
reasons:
  description: A sentence for each alarm, target group, metric or failed call that prevents a pass.
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
      description: V(OK), V(ALARM), V(INSUFFICIENT_DATA), or V(MISSING) for an alarm that AWS does not return.
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
          description: Zone, if AWS returns it.
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
        zonal_shift:
          description: Whether it gets no requests because of a zonal shift, whatever its health is.
          type: bool
metrics:
  description:
    - Each metric as it was judged last, in the order given. Empty when something else failed before they were read.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The metric's name.
      type: str
    verdict:
      description: V(pass), V(fail) or V(inconclusive).
      type: str
    dry_run:
      description: Whether it decided nothing.
      type: bool
    reason:
      description: The numbers as a sentence.
      type: str
      sample: >-
        web-green has 3.10% (56 of 1806), web-blue has 0.50% (81 of 16211); 6.21 times as bad, p = 1e-20.
    breaches:
      description: In how many periods the candidate was beyond the threshold.
      type: int
    candidate:
      description: Of the candidate, C(samples), and C(rate), C(p50) and C(p90), or C(median). Null without comparison.
      type: dict
    stable:
      description: The same of stable.
      type: dict
    ratio:
      description: How many times as bad the candidate is; null without comparison, and where stable has nothing bad.
      type: float
    difference:
      description: How much worse it is, in the metric's unit; null without comparison.
      type: float
    p_value:
      description: Probability that chance makes such a difference; null without comparison.
      type: float
    level:
      description: How improbable chance had to be in this look; null without comparison.
      type: float
evidence_at:
  description:
    - When the failure could first be read, in seconds since the epoch. This is when the first alarm went to state
      C(ALARM), or otherwise the time of the check that found the failure. Null when nothing failed.
  returned: success
  type: float
  sample: 1795450333.92
approved_by:
  description: Who approved; null when nobody has, or O(approval) is not given.
  returned: success
  type: str
seconds:
  description: How long was watched.
  returned: success
  type: float
stable_down:
  description: Whether O(stable) was down before and still is, so that it did not judge the release.
  returned: success
  type: bool
ended_at:
  description: When the bake ended, in seconds since the epoch.
  returned: success
  type: float
"""

from ..module_utils._args.bake.bake import BakeOptions
from ..module_utils._module import run_module
from ..module_utils._ops.bake.bake import bake


def main() -> None:
    run_module(BakeOptions, bake)


if __name__ == "__main__":
    main()
