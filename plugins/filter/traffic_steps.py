# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that a shift of traffic still has to do."""

from __future__ import annotations

DOCUMENTATION = r"""
name: traffic_steps
version_added: 1.0.0
short_description: The steps that are still to be done
description:
  - From a strategy and the weight that the candidate has now, tells which steps are still to be done.
  - Steps below the present weight are left out, so that a run that is resumed never sends traffic back. The step
    that the candidate stands on is done again, as its bake may not have been over.
  - Numbers may be given as strings, as surveys answer them.
positional: current_weight, final_bake_seconds
options:
  _input:
    description:
      - A strategy, in one of three forms.
      - "A name: C(all_at_once), C(canary), C(linear), or a name of CodeDeploy or AWS SAM such as C(AllAtOnce),
        C(Canary10Percent5Minutes) and C(Linear10PercentEvery1Minute)."
      - "A mapping with C(type) and what differs from its defaults. C(canary) has C(percent), by default 5, and
        C(bake_seconds), by default 600; C(linear) has C(percent), by default 10, and C(interval_seconds), by default
        360; each of the three may have C(final_bake_seconds), for which the candidate must stay good with the whole
        traffic."
      - "A list of steps, each with C(weight), the candidate's share of the traffic in whole percents from 0 to 100, and
        C(bake_seconds), the whole seconds for which it must stay good there, by default 0, in the last step
        O(final_bake_seconds). Weights must rise from step to step, and the last one must be 100."
      - "A step of that list may have a C(pause), in which a person is to approve what comes next. It has C(seconds),
        and C(then), which is C(rollback), the default, or C(continue), and is done when they are over and nobody has
        approved."
    type: raw
    required: true
  current_weight:
    description: The percent of the traffic that the candidate has now.
    type: int
    required: true
  final_bake_seconds:
    description: For how many seconds the last step bakes where the strategy does not say it.
    type: int
    default: 0
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.listener_weights
  - module: switchyard.bluegreen.bake
"""

EXAMPLES = r"""
- name: Show what a name of CodeDeploy means
  ansible.builtin.debug:
    msg: "{{ 'Canary10Percent5Minutes' | switchyard.bluegreen.traffic_steps(0, final_bake_seconds=300) }}"
  # => [{"weight": 10, "bake_seconds": 300}, {"weight": 100, "bake_seconds": 300}]

- name: Tell what is left of a release that stands at 50 %
  ansible.builtin.debug:
    msg: "{{ strategy | switchyard.bluegreen.traffic_steps(50) }}"
  vars:
    strategy:
      - {weight: 10, bake_seconds: 300}
      - {weight: 50, bake_seconds: 300}
      - {weight: 100, bake_seconds: 600}
  # => [{"weight": 50, "bake_seconds": 300}, {"weight": 100, "bake_seconds": 600}]
"""

RETURN = r"""
_value:
  description:
    - The steps still to be done, each with C(weight) and C(bake_seconds) as numbers, and C(pause) if it has one.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.base.errors import BluegreenError
from ..module_utils._core.release.steps import remaining
from ..module_utils._core.release.strategies import parse_strategy


def traffic_steps(strategy: Any, current_weight: Any, final_bake_seconds: Any = 0) -> list[dict[str, Any]]:
    try:
        steps = parse_strategy(strategy, int(str(final_bake_seconds)))
        return [step.as_data() for step in remaining(steps, int(str(current_weight)))]
    except (BluegreenError, ValueError) as error:
        raise AnsibleFilterError(f"traffic_steps: {error}") from error


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"traffic_steps": traffic_steps}
