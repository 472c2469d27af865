# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the traffic to the stable environment."""

from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_return
version_added: 1.0.0
short_description: Return the traffic to the stable environment
description:
  - Gives the stable environment all traffic, on every route, from wherever the weights stand. Without a shift
    in progress it changes nothing, unless O(previous=true).
  - It makes three API calls, reads of the routes, the tags and the Auto Scaling groups, and then moves the traffic. A
    fourth reads the health of stable's targets, if its group does not replace what its load balancer finds unhealthy.
  - Where stable has become smaller than what carries the traffic now, all traffic would overload it. Then it gets
    what it can carry at once, its group is pinned at the capacity that it needs, as by
    M(switchyard.bluegreen.autoscaling_capacity), and the rest follows as its instances become healthy.
  - When the capacity cannot be had in time, stable still gets all traffic, with a warning. If nothing of it is
    healthy, the traffic stays where it is, and the module fails.
  - On a sticky route, the candidate's target group leaves the action with the last of its traffic. Otherwise its
    clients would continue to use it, at weight 0 too, until their cookies expire.
  - If the Auto Scaling groups cannot be read, the traffic is returned anyway, with a warning.
  - DNS records are changed as by M(switchyard.bluegreen.route_weights). Who has resolved the name to the candidate
    keeps that answer for the C(ttl_seconds) of RV(service).
  - A route that cannot be written does not keep the traffic of the others from its return.
options:
  headroom_percent:
    description:
      - By how many percent the candidate was made larger than stable. The instances that carry the traffic now show
        what it needs.
    type: int
    default: 0
  wait_timeout:
    description: For how many seconds to wait for the capacity of a stable environment that is short of it.
    type: int
    default: 300
  stable:
    description:
      - The color that is stable, where the tags that say it were lost. Without it, that is the color that has all
        traffic.
    type: str
    choices: [blue, green]
  run:
    description:
      - Return the traffic only while the candidate belongs to the run with this id, or to none. The tag
        C(bluegreen:run) of its group says so. If it belongs to another run, the module fails and leaves the traffic.
      - By default, the traffic is returned whoever acts on the candidate.
    type: str
  previous:
    description:
      - Return to the previous release when no shift is in progress. That is the environment that is retained, which is
        declared stable as by M(switchyard.bluegreen.settle), and then gets the traffic.
      - Fails when no environment is retained, or none of its targets is healthy. Where the service has one environment
        alone, it may have been rolled in place; then nothing is changed, and RV(in_place) names its group.
    type: bool
    default: false
  only_image:
    description:
      - The ID of a machine image. The module fails and changes nothing unless that is the image of the candidate, or of
        the stable environment where there is no candidate. So only the release of this image is taken back. With an
        empty text it always fails.
      - The default is any image. In a workflow of AWX, with O(previous), the default is the image that the jobs before
        this one have released, read from their artifact C(bluegreen_outcome_<service>).
    type: str
  spare_others:
    description:
      - With O(only_image), fail and change nothing while another run has the lease of the service.
      - In a workflow of AWX, with O(previous), this is the default after a job that was refused. The release may be
        that of another run, because of which it was refused.
    type: bool
    default: false
  deploy_command:
    description:
      - The command that deploys another image of the service, which is shown with the image to deploy where no
        environment is retained.
      - By default C(deploy.yml) with the inventory and the host of the play.
    type: str
    default: ''
  override:
    description:
      - Why closed gates may be passed, as a text or as a mapping with C(reason) and C(allow). With V(leaving) in
        C(allow), the traffic also returns to an environment that is being removed. With V(lease) in C(allow), the lease
        is also taken from a run whose candidate has no traffic. Only with O(previous=true).
    type: raw
  return_role:
    description:
      - The role with which AWS returns the traffic when a release stops responding. Once the traffic is
        returned here, its schedules are deleted; one that cannot be deleted is a warning.
      - They stay where AWS has refused a route. They are deleted, too, where stable cannot take the traffic.
    type: str
  doing:
    description:
      - What is being done, such as C(rollback). The lease of the service is then taken with the first write, from any
        run that has it, and nothing waits for it. A run that had it stops before its next change.
      - By default no lease is taken.
    type: str
extends_documentation_fragment:
  - switchyard.bluegreen.service
  - switchyard.bluegreen.routes
  - switchyard.bluegreen.leased
  - switchyard.bluegreen.leased.hook
  - switchyard.bluegreen.leased.claimant
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeListeners) or C(elasticloadbalancing:DescribeRules),
    C(elasticloadbalancing:DescribeTags), C(elasticloadbalancing:ModifyListener) or C(elasticloadbalancing:ModifyRule),
    and C(autoscaling:DescribeAutoScalingGroups); for DNS records, those of
    M(switchyard.bluegreen.route_weights). To restore capacity, also
    C(elasticloadbalancing:DescribeTargetHealth), C(autoscaling:CreateOrUpdateTags) and
    C(autoscaling:UpdateAutoScalingGroup).
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.autoscaling_capacity
author:
  - The switchyard.bluegreen contributors (@switchyard)
"""

EXAMPLES = r"""
- name: Take a release back
  switchyard.bluegreen.traffic_return:
    service: web
    routes:
      - arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2
    target_groups: {blue: web-blue, green: web-green}

- name: Return to the previous release, also after the shift
  switchyard.bluegreen.traffic_return:
    service: web
    routes:
      - arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2
    target_groups: {blue: web-blue, green: web-green}
    previous: true
"""

RETURN = r"""
lease:
  description: The lease that was taken, for the tasks that follow; null when none was.
  returned: success
  type: dict
service:
  description: The service as it was before, as M(switchyard.bluegreen.service_info) returns it of its routes alone.
  returned: success
  type: dict
  sample: {"service": "web", "stable": "blue", "candidate": "green", "phase": "shifting"}
serving:
  description: How much of stable's capacity was in service at the end, in units of capacity.
  returned: success
  type: int
  sample: 3
needed:
  description: How much it takes to carry all traffic, in units of capacity; 0 when that is not known.
  returned: success
  type: int
  sample: 3
moves:
  description: Each weight that stable was given, in percent, and how many seconds after the beginning.
  returned: success
  type: list
  elements: dict
  sample: [{"weight": 33, "seconds": 0.21}, {"weight": 100, "seconds": 41.7}]
other_run:
  description: Id of the run that the candidate belongs to.
  returned: when that is not O(run)
  type: str
in_place:
  description:
    - The Auto Scaling group that may have been rolled in place, where there is no other environment to return to; null
      otherwise.
  returned: success
  type: str
waiting:
  description:
    - With O(previous), the Auto Scaling group of a candidate that had no traffic to return, while no run worked on
      it; null otherwise, and for one that is rejected already. M(switchyard.bluegreen.candidate_reject) turns it down.
  returned: success
  type: str
left_to:
  description:
    - With O(previous), the run that works on a candidate without traffic, which is left to that run; null otherwise. A
      warning says who it is.
    - Until its lease ends, a run that was killed looks like one that is active. The module waits until then, or until
      the run renews its lease. In check mode it does not wait.
  returned: success
  type: str
or_else:
  description: With RV(in_place), what to do if it was not rolled, with the image that ran before; else empty.
  returned: success
  type: str
refused:
  description: That nothing was changed, since there is nothing to return to.
  returned: when O(previous=true) and there is no environment to return to
  type: bool
returned_at:
  description: When the last of the traffic was returned, in seconds since the epoch; null when there was none.
  returned: success
  type: float
  sample: 1795450333.92
"""

from ..module_utils._args.release.traffic_return import ReturnOptions
from ..module_utils._module import run_module
from ..module_utils._ops.release.traffic_return import traffic_return


def main() -> None:
    run_module(ReturnOptions, traffic_return)


if __name__ == "__main__":
    main()
