# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what was done to a service."""

from __future__ import annotations

DOCUMENTATION = r"""
module: history_info
version_added: 1.0.0
short_description: Read what was done to a service
description:
  - Lists the runs that changed a service, by whom, from which image to which, when and how they ended, or shows one of
    them with each of its stages.
  - With O(store), every run is in it that was kept there, refused ones as well. Without a store, or where it does not
    answer, the last five runs that changed something are known, from tags of the service's target groups.
  - Returns DORA's figures of the runs in the time asked for. Lead time is not among them, as nothing says when a change
    was committed.
options:
  store:
    description: The URL of the store that the runs were recorded in.
    type: str
  run:
    description:
      - The id of a run, to show that one alone, or V(latest). In a store, that is its whole record.
    type: str
  end_states:
    description:
      - Only runs that ended so, as M(switchyard.bluegreen.outcome) says it. V(unended) are those that are active, and
        those that died.
    type: list
    elements: str
    choices: [succeeded, rolled_back, halted, paused, refused, unchanged, provisioned, verified, unended]
    default: []
  since:
    description:
      - Only runs that ended later than this, ISO 8601 with an offset from UTC, or how long ago, such as V(7d), and the
        one that is active.
      - The figures are of this time; without it they are of all runs that were read.
    type: str
  image:
    description: Only runs from or to this image, by its ID or its label.
    type: str
  limit:
    description:
      - How many runs to list, the latest ones. Also how many records of a store to read where that is more than 500.
    type: int
    default: 20
  series:
    description:
      - With O(run), also read from CloudWatch what Application Load Balancers counted while it worked.
    type: bool
    default: false
extends_documentation_fragment:
  - switchyard.bluegreen.service
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
attributes:
  diff_mode:
    support: none
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeTargetGroups) and C(elasticloadbalancing:DescribeTags), or with
    a store in S3 C(s3:GetObject) and C(s3:ListBucket).
  - O(series) needs the permission C(cloudwatch:GetMetricData). Where it cannot be read, that is a warning.
  - Of a store, at most the 500 latest records are read, or O(limit) where that is more. Where O(since), O(image) or
    O(end_states) asks for older ones, that is a warning, and the figures begin with the oldest run that was read.
  - A record that cannot be read is a warning.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.outcome
  - module: switchyard.bluegreen.service_info
  - plugin: switchyard.bluegreen.release_page
    plugin_type: filter
"""

EXAMPLES = r"""
- name: List what failed in the last month
  switchyard.bluegreen.history_info:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    store: s3://example-releases/bluegreen
    since: 30d
    end_states: [rolled_back, halted]
  register: failed

- name: Show one run with its stages
  switchyard.bluegreen.history_info:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    store: s3://example-releases/bluegreen
    run: "{{ failed.runs[0].run }}"
  when: failed.runs != []
"""

RETURN = r"""
source:
  description: V(store) or V(tags).
  returned: success
  type: str
runs:
  description:
    - The runs, the latest first. Each has C(run), C(doing), C(by), C(began), C(ended), C(end_state), C(from) and C(to)
      with C(image_id) and C(release), C(restored_seconds), C(reason), and C(alive), whether it is active.
    - The end of a run that works still, or that died, is null. Without a store, these are not known.
  returned: without O(run)
  type: list
  elements: dict
record:
  description:
    - The same of one run, with C(service), and from a store also C(why), the reason of an override, C(plan), the titles
      of its stages, C(stages), C(message), how it ended, and C(traffic), how it was split when the run began. A stage
      has C(number), null for what is no stage of the plan, C(title), C(began), C(ended), C(changed),
      and what its tasks did and saw, such as C(weights), C(verdict), C(reasons), C(alarms) and C(metrics).
    - C(image) is what C(bluegreen_image) found, with C(id), C(name), C(created) and C(rule); null without a rule.
    - The end of a stage is null while it works, and when the run died in it.
  returned: with O(run)
  type: dict
series:
  description:
    - The requests, the errors and the latency of each color over time, as P(switchyard.bluegreen.release_page#filter)
      takes them, a minute at a time, after 15 days five minutes, after 63 days an hour. Errors are answers with 5XX
      from targets, and connections that failed.
    - Null where no Application Load Balancer counts them.
  returned: with O(run) and O(series)
  type: dict
figures:
  description: DORA's figures, of deployments that users got.
  returned: without O(run)
  type: dict
  contains:
    seconds:
      description: How long the time is.
      type: int
    deployments:
      description: How many releases users got in it, be it for a moment.
      type: int
    deployments_per_week:
      description: The same for a week.
      type: float
    failed:
      description:
        - How many of them were rolled back, or needed a person. With O(store), also those whose run died when users had
          the release, unless another run continued it.
      type: int
    change_failure_percent:
      description: The same in percent; null where there were none.
      type: float
    restore_seconds:
      description:
        - The median of how long it took to turn them back. It begins with the first evidence where the run found it
          itself, with the beginning of C(rollback.yml), or with the end of the run that needed a person.
      type: float
    lead_time_seconds:
      description: Always null. Nothing says when a change was committed.
      type: float
lines:
  description: All of that for a person.
  returned: success
  type: list
  elements: str
"""

from ..module_utils._args.service.history import HistoryOptions
from ..module_utils._module import run_module
from ..module_utils._ops.service.history import history_info


def main() -> None:
    run_module(HistoryOptions, history_info)


if __name__ == "__main__":
    main()
