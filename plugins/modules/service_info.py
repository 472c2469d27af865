# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads where a service stands."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_info
version_added: 1.0.0
short_description: Read where a service stands
description:
  - Reads a service's routes and their weights, which environment is stable, and each environment's Auto Scaling group
    and target health, in one task.
  - Refuses a definition that does not fit what AWS has, as a route that forwards elsewhere, or a target group of
    another load balancer; with DNS records alone for routes, a target group that no listener forwards to.
  - Independent reads are made at the same time. Routing alone takes two API calls, everything takes seven. DNS
    records take one more each, and another one for a zone that is given by its name.
options:
  gather:
    description:
      - What to read in addition to the routes, their weights, and the stable color.
      - V(health) is the target groups' targets, V(groups) the Auto Scaling groups with their images.
      - With V(routes) alone, a candidate that has no traffic yet is not found.
    type: list
    elements: str
    choices: [routes, health, groups]
    default: [routes, health, groups]
  as_found:
    description:
      - Whether to return the service as it is found, even if it contradicts its definition. Contradictions are warnings
        then, and the tags and load balancers decide about colors. By default they are errors.
    type: bool
    default: false
  store:
    description: The URL of the store that the lease of the service is kept in, if it is not in tags.
    type: str
  stable:
    description:
      - The color that is stable, with O(as_found), where no tags say it. Without it, that is the color that has all
        traffic.
    type: str
    choices: [blue, green]
extends_documentation_fragment:
  - switchyard.bluegreen.service
  - switchyard.bluegreen.routes
  - switchyard.bluegreen.leased
  - switchyard.bluegreen.leased.hook
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
attributes:
  diff_mode:
    support: none
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeListeners), C(elasticloadbalancing:DescribeRules),
    C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTags),
    C(elasticloadbalancing:DescribeTargetHealth), C(autoscaling:DescribeAutoScalingGroups) and
    C(ec2:DescribeLaunchTemplateVersions), and C(autoscaling:DescribeLaunchConfigurations) for groups that have a launch
    configuration. For DNS records, also C(route53:ListResourceRecordSets), C(route53:ListHostedZonesByName) and
    C(elasticloadbalancing:DescribeLoadBalancers). If a launch template gets its image from a Systems Manager parameter,
    also C(ec2:DescribeInstances).
author:
  - The switchyard.bluegreen contributors (@switchyard)
"""

EXAMPLES = r"""
- name: Read where the service stands
  switchyard.bluegreen.service_info:
    service: web
    routes: ["{{ listener_arn }}"]
    target_groups: {blue: web-blue, green: web-green}
  register: web

- name: Say which release has the traffic
  ansible.builtin.debug:
    msg: "{{ web.service.environments[web.service.stable].release }}"
"""

RETURN = r"""
service:
  description: The state of the service.
  returned: success
  type: dict
  contains:
    service:
      description: Its name.
      type: str
    stable:
      description:
        - The color last declared good, from tag C(bluegreen:stable) on both target groups. Before a color was declared,
          it is the one that has all traffic.
      type: str
    declared:
      description: Whether the tags show which color is stable. It is not declared before a first release is up.
      type: bool
    candidate:
      description: The other color.
      type: str
    phase:
      description:
        - V(shifting) while the candidate has traffic, V(provisioned) while it has a group that waits for some,
          V(settled) when there is no candidate. A group that is retained is no candidate.
      type: str
    frozen:
      description:
        - Why nothing is to be released, while M(switchyard.bluegreen.freeze) says so; else null.
        - C(reason), C(by) and C(until), the last two null when they were not given.
      type: dict
    lease:
      description:
        - Who changes the service, or did last and has not given the lease back, as a run that died; else null.
        - C(run), C(by), C(doing), C(since), C(until), C(silent_seconds) since it was last renewed, and C(alive).
      type: dict
    way_back:
      description:
        - Whether C(rollback.yml) can take users back right now; null unless health and groups were gathered.
        - C(possible), and C(reason) when it is not. C(color), C(release) and C(image_id) are what users get then.
          C(seconds) is about how long it takes, null while instances have to come up first. C(until) is the end of
          the retention, and C(loss) are sentences about who does not go back at once.
        - C(in_place) is true where the only group was rolled. AWS then replaces its instances again, which takes
          minutes, and C(reason) says why there is no faster way.
      type: dict
    outcomes:
      description:
        - How the last five runs that changed the service have ended, the latest first. The last one that made another
          image stable is among them, however long ago that was.
      type: list
      elements: dict
      contains:
        run:
          description: The id of the run.
          type: str
        doing:
          description: What it did, such as V(deploy), V(rollback) or V(teardown).
          type: str
        by:
          description: Who ran it, as M(switchyard.bluegreen.lease) knows it.
          type: str
        began:
          description: When it began, ISO 8601 in UTC.
          type: str
        ended:
          description: When it ended.
          type: str
        end_state:
          description: How it ended, as M(switchyard.bluegreen.outcome) returns it.
          type: str
        from:
          description: What was stable before, or what a rollback returned from; C(image_id) and C(release).
          type: dict
        to:
          description: What the run was to make stable; C(image_id) and C(release), null where that was left open.
          type: dict
        restored_seconds:
          description: How long a return of the traffic took; null where none was returned.
          type: int
        reason:
          description: Why it failed, or why it passed what would have refused it; what does not fit into a tag is cut.
          type: str
    weights:
      description: Percents by target group ARN; null while the routes disagree.
      type: dict
    sessions:
      description: Which clients stay with an environment whatever its weight is, and for how long; a sentence.
      type: str
    routes:
      description: Each route, in the order given.
      type: list
      elements: dict
      contains:
        title:
          description: The listener's or the rule's ARN, or the record's type, name and zone.
          type: str
        weights:
          description: Percents by what the route itself names, target group ARNs or set identifiers of records.
          type: dict
        arn:
          description: Of a listener or a rule, its ARN.
          type: str
        load_balancer_arn:
          description: Of a listener or a rule, its load balancer.
          type: str
        stickiness_seconds:
          description: Of a listener or a rule, for how long a client keeps its target group; 0 when it does not.
          type: int
        zone_id:
          description: Of a DNS record, its hosted zone's ID.
          type: str
        name:
          description: Of a DNS record, its name.
          type: str
        type:
          description: Of a DNS record, its type.
          type: str
        ttl_seconds:
          description: Of a DNS record, for how many seconds a resolver may keep an answer.
          type: int
    ttl_seconds:
      description: The longest of these; 0 without records.
      type: int
    environments:
      description: The two environments, under V(blue) and V(green).
      type: dict
      contains:
        color:
          description: V(blue) or V(green).
          type: str
        weight:
          description: What it gets on every route at least, in percent.
          type: int
        highest_weight:
          description: What it gets on one of the routes at most, in percent. While they disagree, it is not C(weight).
          type: int
        target_group_arn:
          description: Its target group; the first of several.
          type: str
        target_group_arns:
          description: All its target groups.
          type: list
          elements: str
        target_group_name:
          description: The target group's name; of several, all names in a sentence.
          type: str
        group:
          description: Its Auto Scaling group's name; null when there is none.
          type: str
        image_id:
          description:
            - The image in the version of its launch template, or in its launch configuration. If the launch template
              gets the image from a Systems Manager parameter, the image that its instances run; null if that is not
              known.
          type: str
        release:
          description: Tag C(bluegreen:release) of the group; the image ID when there is none.
          type: str
        user_data_sha256:
          description: The SHA-256 digest of the user data that it launches instances with; null for none.
          type: str
        instances:
          description: IDs of the group's instances.
          type: list
          elements: str
        desired:
          description: The group's desired capacity.
          type: int
        minimum:
          description: The group's minimum size.
          type: int
        maximum:
          description: The group's maximum size.
          type: int
        healthy:
          description: How many targets of the target group are healthy.
          type: int
        down:
          description:
            - Whether fewer targets are healthy than its own minimum amounts to, or none although some should be.
            - Known with O(gather=health).
          type: bool
        targets:
          description:
            - Every target, with C(id), C(port), C(state), C(reason) and C(description) as ELBv2 returns them, and
              whether a C(zonal_shift) keeps requests from it.
          type: list
          elements: dict
        expected_healthy:
          description:
            - How many healthy targets the desired capacity amounts to. That is the same number, but in a mixed
              instances group with weights.
          type: int
        minimum_healthy:
          description: How many healthy targets the group's own minimum amounts to, also while it is pinned.
          type: int
        pinned:
          description:
            - The C(minimum) and the C(maximum) that the group had before it was pinned; null when it is not.
            - While it is pinned, C(minimum) and C(maximum) of the group are those of the pin.
          type: dict
          sample: {"minimum": 2, "maximum": 6}
        approval:
          description:
            - What the candidate waits for; null when it waits for nobody. C(weight) is the percent of the traffic at
              which it does, C(until) how long, and C(by) who has approved, null while nobody has.
            - C(waits) is false when nobody waits for it any more, because it has expired or the run that asked has
              died.
            - M(switchyard.bluegreen.approval) asks for it and gives it.
          type: dict
        run:
          description: The ID of the run that acts on the environment, tag C(bluegreen:run) of the group; null for none.
          type: str
        rejected:
          description:
            - That the candidate was returned, with C(at), ISO 8601 in UTC, and C(reason); null when it was not.
            - Tag C(bluegreen:rejected) of the group.
          type: dict
        leaving:
          description:
            - That the environment is being removed, with C(at), ISO 8601 in UTC, and C(reason); null when it is not.
            - Tag C(bluegreen:leaving) of the group.
          type: dict
        retain_until:
          description: The deadline up to which the group is kept, ISO 8601 in UTC; null when it is not retained. In the
            year 9999 when the tag of the group cannot be read.
          type: str
        due:
          description: Whether that deadline is over.
          type: bool
"""

from ..module_utils._args.service.info import InfoOptions
from ..module_utils._module import run_module
from ..module_utils._ops.service.info import service_info


def main() -> None:
    run_module(InfoOptions, service_info)


if __name__ == "__main__":
    main()
