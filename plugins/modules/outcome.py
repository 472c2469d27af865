# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says how a run has ended."""

from __future__ import annotations

DOCUMENTATION = r"""
module: outcome
version_added: 1.0.0
short_description: Say how a run has ended
description:
  - Compares what a run planned with how the service stands now. Returns the end state and a sentence, and exports both
    as C(ansible.builtin.set_stats) does, under C(bluegreen_outcome_) and the service's name, with C(_) for what the
    name of a variable cannot hold.
  - C(succeeded) is returned only when the stable environment runs the image, the label and the user data that were
    asked for.
  - Keeps the end of a run that changed something in tags of the service's target groups, five of them at most; with a
    store, in the record of the run as well. Where that fails, it is a warning. A rollback that has taken no lease, as
    its candidate had no traffic, gets a record by the C(store) of its C(definition).
  - With O(lease) the run has ended, and its lease is given back for the next one.
  - Never fails for what AWS answers. When the service cannot be read, it says what is known of it.
options:
  service:
    description: The service's name, where there is no O(plan). By default that of the host.
    type: str
  plan:
    description: What M(switchyard.bluegreen.plan) returned.
    type: dict
  refused:
    description: Why the run was refused before it changed anything.
    type: str
  begun:
    description: With O(refused), whether the run may have changed something. Then it ends C(halted).
    type: bool
    default: false
  overtaken:
    description: Whether another run was faster to take the lease. A watch then ends C(unchanged) and not C(refused).
    type: bool
    default: false
  asked:
    description:
      - What M(switchyard.bluegreen.plan) returned as C(asked), for the record of a run that was refused. Without a
        store, there is no record.
    type: dict
  fail_on:
    description: The end states with which C(fails) is true. By default as C(bluegreen_fail_on) says.
    type: list
    elements: str
    choices: [refused, rolled_back, halted]
    default: [refused, rolled_back, halted]
  by:
    description: Who runs it, for the same. By default as with M(switchyard.bluegreen.lease).
    type: str
    default: ''
  ended:
    description:
      - The end of a run that O(plan) has no stages of, such as a rollback, a roll or a freeze. C(end_state), and
        C(message) for what failed or is about something else than the traffic; or of a roll that failed C(reason),
        C(rolled), what M(switchyard.bluegreen.instance_refresh) returned, and C(unfinished), why it could not be taken
        back. Of a rollback in place C(left), as that module returns it. C(after) is the service as
        M(switchyard.bluegreen.service_info) returns it; without it and with C(definition), the service is read.
    type: dict
  data:
    description: What else to export under the name of the service, as what was read of it.
    type: dict
  later:
    description:
      - Services of the play whose batch has not begun. If this one has failed, they are exported as C(refused) until
        their own outcome takes the place of that. By default the hosts of later batches.
    type: list
    elements: str
    default: []
  paused:
    description: Why the run leaves the traffic as it is and ends, so that it can be resumed.
    type: str
  failure:
    description:
      - What is known of a stage that failed. C(reason) is a sentence, C(stage) the stage as in O(plan), C(written)
        whether it had written its weights, and C(evidence_at) when the failure could be known. C(result) is what the
        task returned, C(unfinished) why not everything could be returned, and C(other_run) the run that has taken the
        candidate over.
    type: dict
  returned:
    description: Whether this run has returned the traffic.
    type: bool
    default: false
  returned_at:
    description: When the traffic was back, in seconds since the epoch.
    type: float
extends_documentation_fragment:
  - switchyard.bluegreen.notifying
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions of M(switchyard.bluegreen.service_info) and C(elasticloadbalancing:AddTags); with O(lease)
    also C(elasticloadbalancing:RemoveTags).
attributes:
  diff_mode:
    support: none
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.plan
  - module: switchyard.bluegreen.service_info
"""

EXAMPLES = r"""
- name: Say how the run has ended
  switchyard.bluegreen.outcome:
    plan: "{{ release_plan }}"
  register: release_outcome
"""

RETURN = r"""
end_state:
  description:
    - V(refused), V(checked), V(unchanged), V(provisioned), V(verified), V(succeeded), V(paused), V(rolled_back) or
      V(halted).
  returned: success
  type: str
fails:
  description: Whether the end state is one of O(fail_on), or something failed after a release that stays and O(fail_on)
    is not empty. The task itself does not fail.
  returned: success
  type: bool
message:
  description: A sentence that describes what happened and the state of the service.
  returned: success
  type: str
stable:
  description: The color that is stable; null when it could not be read.
  returned: success
  type: str
weights:
  description: Percents by target group ARN; null when they could not be read, or the routes disagree.
  returned: success
  type: dict
sessions:
  description: What is known of clients that stay with one environment.
  returned: success
  type: str
service:
  description: The service's name.
  returned: success
  type: str
from:
  description:
    - The image and the label that were stable when the run began, C(image_id) and C(release); of a rollback, those that
      the traffic was returned from.
  returned: with O(plan) or O(lease)
  type: dict
to:
  description:
    - The image and the label that were asked for, C(image_id) and C(release); null where that was left open. Of a
      rollback, those that the traffic was returned to.
  returned: with O(plan), O(lease) or O(asked)
  type: dict
image:
  description: What C(bluegreen_image) has found, as M(switchyard.bluegreen.plan) returns it; null without a rule.
  returned: with O(plan) or O(asked)
  type: dict
seconds:
  description: How long the run took.
  returned: with O(plan) or O(lease)
  type: float
reason:
  description: Why a stage has failed, or the run was refused; null for neither.
  returned: with O(plan), O(lease) or O(asked)
  type: str
previous_image_id:
  description: The image that C(rollback.yml) would return to; null for none.
  returned: with O(plan) or O(lease)
  type: str
undo_until:
  description: Until when it can, where that is limited.
  returned: with O(plan) or O(lease)
  type: str
rollback_seconds:
  description: From the first evidence of the failure until the traffic was back.
  returned: when traffic was returned
  type: float
"""

from ..module_utils._args.release.plan import OutcomeOptions
from ..module_utils._module import run_module
from ..module_utils._ops.release.outcome import outcome


def main() -> None:
    run_module(OutcomeOptions, outcome)


if __name__ == "__main__":
    main()
