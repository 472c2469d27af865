# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every variable of a service. The code that reads, documents and checks them uses this list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from .values import nearest
from .variable import PREFIX, Variable
from .variables_gates import APPROVAL, FREEZE, GATES, NOTIFICATIONS, PACE, STORE, WATCH
from .variables_roll import ADOPTION, ROLL
from .variables_service import RELEASE, SERVICE
from .variables_traffic import ENDING, TRAFFIC, VERIFICATION

GROUPS: dict[str, tuple[Variable, ...]] = {
    "The service": SERVICE,
    "What is released": RELEASE,
    "Verification": VERIFICATION,
    "Traffic": TRAFFIC,
    "Gates and hooks": GATES,
    "Notifications": NOTIFICATIONS,
    "Pace": PACE,
    "The old environment": ENDING,
    "Rolling replacement": ROLL,
    "Adoption": ADOPTION,
    "Freeze": FREEZE,
    "The watch": WATCH,
    "The store": STORE,
    "Approval": APPROVAL,
}
VARIABLES = tuple(replace(each, group=group) for group, variables in GROUPS.items() for each in variables)
BY_NAME = {each.name: each for each in VARIABLES}

EXTRA = "Set it with `-e`, and not in the inventory."
# Variables that are no part of a definition and yet are known.
OTHERS: dict[str, str] = {
    "bluegreen_hosts": f"The hosts that a playbook runs on, as a pattern. The default is the group bluegreen. {EXTRA}",
    "bluegreen_play_strategy": f"The strategy plugin of the plays. The default is ansible.builtin.host_pinned. {EXTRA}",
    "bluegreen_serial": "How many services are released at a time, as the keyword serial takes it. The default is "
    f"100%. {EXTRA}",
    "bluegreen_in_process": "Whether modules run inside the controller where they can. The default is true.",
    "bluegreen_images": "Your own mapping of images by release, for use in bluegreen_image_id.",
    "bluegreen_hook": "Set for hooks: the name of the hook, the service, and the step or the environment.",
    "bluegreen_seen": "Set by the inventory plugin: the state of the service when the inventory was read.",
}
# The outcome of one service, an artifact of a workflow's node that arrives as a variable of the next one.
OUTCOME = f"{PREFIX}outcome_"


def is_known(name: str) -> bool:
    return name in BY_NAME or name in OTHERS or name.startswith(OUTCOME)


def find_unknown(names: Iterable[str]) -> dict[str, str]:
    """Those that begin like a variable of a service and are none, each with a sentence."""
    return {name: _unknown(name) for name in names if name.startswith(PREFIX) and not is_known(name)}


def meant_by(name: str) -> str | None:
    """The variable that was meant by a name whose prefix has a slip of the pen, such as blugreen_hooks, Bluegreen_hooks
    or blue-green_hooks."""
    if name.startswith(PREFIX) or "gre" not in name.lower():
        return None
    plain = name.lower().replace("-", "_")
    for known in BY_NAME:
        key = known.removeprefix(PREFIX)
        head = plain.removesuffix(f"_{key}").replace("_", "")
        if (
            plain.endswith(f"_{key}")
            and len(head) < len(PREFIX)
            and get_close_matches(head, ["bluegreen"], cutoff=0.88)
        ):
            return known
    return None


def _unknown(name: str) -> str:
    near = nearest(name.removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in (*BY_NAME, *OTHERS)])
    advice = f"Did you mean {PREFIX}{near}?" if near else f"Name a variable of your own without {PREFIX} in front."
    return f"There is no variable {name}. {advice}"
