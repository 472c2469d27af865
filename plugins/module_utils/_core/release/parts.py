# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is for, as its lease says it: the parts of a release, or a playbook that has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

PARTS = ("provision", "verify", "swap", "teardown")
WHOLE, ROLLBACK, AND = "deploy", "rollback", " and "
# What a watch does: with what was left, and with a release after which an alarm goes off.
RETURN, RESUME, REMOVE, ROLL_BACK = "return", "resume", "remove", "roll_back"
STAGE = re.compile(r" \d+/\d+: ")  # what a heartbeat adds, such as: deploy 3/5: shift green to 10 %


def doing_of(parts: Sequence[str]) -> str:
    return WHOLE if tuple(parts) == PARTS else AND.join(parts)


def parts_of(doing: str) -> tuple[str, ...]:
    """None of a run that releases nothing, such as a rollback."""
    words = STAGE.split(doing, maxsplit=1)[0]
    if words == WHOLE:
        return PARTS
    found = tuple(words.split(AND))
    return found if set(found) <= {"provision", "verify", "swap"} else ()
