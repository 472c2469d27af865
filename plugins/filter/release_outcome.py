# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run has ended."""

from __future__ import annotations

DOCUMENTATION = r"""
name: release_outcome
version_added: 1.0.0
short_description: How a run has ended
description:
  - Compares what a run planned with how the service stands at its end, and returns the end state and a sentence.
  - C(succeeded) is returned only when the stable environment runs the image, the label and the user data that were
    asked for.
positional: stages, after
options:
  _input:
    description: The plan, as M(switchyard.bluegreen.preflight) returned it for a C(service).
    type: dict
    required: true
  stages:
    description: The stages that the run had, out of C(provision), C(verify), C(swap) and C(teardown).
    type: list
    elements: str
    required: true
  after:
    description:
      - The service at the end, as M(switchyard.bluegreen.service_info) returns it under C(service) with C(routes) and
        C(groups) gathered; null when it could not be read.
    type: dict
    required: true
  known:
    description: The service as it was last read, which is reported when C(after) is null. By default as it was planned.
    type: dict
  shifted:
    description: The weights that the run has written last, by target group ARN, which are later than C(known).
    type: dict
  attempted:
    description: The percent that the run tried to give the candidate after that, if it is not known whether it did.
    type: int
  failure:
    description:
      - What failed, or null. C(reason) is a sentence, C(returned) whether this run has moved traffic back,
        C(unfinished) why not everything could be returned, and C(other_run) the run that has taken the candidate over.
    type: dict
  check_mode:
    description: Whether the run was in check mode.
    type: bool
    default: false
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.preflight
  - module: switchyard.bluegreen.service_info
"""

EXAMPLES = r"""
- name: Report how the run has ended
  ansible.builtin.debug:
    msg: "{{ (plan | switchyard.bluegreen.release_outcome(['provision'], web.service)).message }}"
"""

RETURN = r"""
_value:
  description:
    - C(end_state), one of C(checked), C(unchanged), C(provisioned), C(verified), C(succeeded), C(rolled_back) and
      C(halted); C(message), a sentence; and C(stable), C(weights) and C(sessions) of the service, null when it could
      not be read.
  type: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..module_utils._core.release.outcome import Ended, Failure


def release_outcome(
    plan: Mapping[str, Any],
    stages: Sequence[str],
    after: Mapping[str, Any] | None,
    known: Mapping[str, Any] | None = None,
    shifted: Mapping[str, int] | None = None,
    attempted: int | None = None,
    failure: Mapping[str, Any] | None = None,
    check_mode: bool = False,
) -> dict[str, Any]:
    failed = Failure(**failure) if failure else None
    return Ended(plan, stages, after, known or plan["service"], shifted, attempted, bool(check_mode), failed).outcome()


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"release_outcome": release_outcome}
