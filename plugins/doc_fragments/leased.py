# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease under which a module works."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  poll_seconds:
    description:
      - How long a wait pauses between two checks after its first ones, in seconds. A wait with longer pauses keeps
        them. It has no effect on returns of traffic.
    type: float
    default: 0
  lease:
    description:
      - The lease of the service, as M(switchyard.bluegreen.lease) returns it. The module stops before its first change
        when another run has taken it, and renews it while it waits.
      - By default nobody is asked.
    type: dict
    suboptions:
      service:
        description: The service's name.
        type: str
        required: true
      target_groups:
        description: The ARNs of the target groups in whose tags the lease is kept.
        type: list
        elements: str
        required: true
      claim:
        description: The claim of the run.
        type: dict
        required: true
      seconds:
        description: How long it lasts unless it is renewed.
        type: int
        required: true
      return_role:
        description:
          - With it, the schedules with which AWS returns the traffic are postponed while the module waits. See
            docs/return-by-aws.md. It needs the permissions of docs/iam/with-return.json.
        type: str
      return_after:
        description: How long after the run has stopped responding AWS returns the traffic, in seconds.
        type: int
        default: 300
      unattended:
        description: For how many seconds nothing renews the lease after the module, as while a hook runs.
        type: int
        default: 0
      store:
        description:
          - The URL of the store that it is kept in, and that the record of the run is written to. By default it is kept
            in tags.
        type: str
      stage:
        description:
          - What the task is part of in the record, its C(title) and, in a plan, its C(number), and whether the task
            C(closes) it.
        type: dict
"""

    HOOK = r"""
options:
  hook_timeout:
    description:
      - For how many seconds a hook may run after the module. Nothing renews the lease meanwhile, so it lasts as long.
    type: int
    default: 0
"""

    CLAIMANT = r"""
options:
  by:
    description: As in M(switchyard.bluegreen.lease).
    type: str
    default: ''
  process:
    description: As in M(switchyard.bluegreen.lease).
    type: str
    default: ''
  store:
    description: As in M(switchyard.bluegreen.lease). One that cannot be used is a warning.
    type: str
"""
