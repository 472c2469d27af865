# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An override: the reason why a person lets a release pass what would refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError

GATES = ("window", "freeze")
ALLOWED = (*GATES, "rejected", "leaving", "lease", "store")


@dataclass(frozen=True)
class Override:
    """``allow``: what it lets pass. There is none without a reason."""

    reason: str = ""
    allow: tuple[str, ...] = ()

    @classmethod
    def parse(cls, given: Any) -> Override:
        """A text is a reason to pass the gates; a mapping lists what may be passed."""
        if isinstance(given, str):
            return cls(given.strip(), GATES) if given.strip() else cls()
        if given is None:
            return cls()
        if not isinstance(given, Mapping) or set(given) - {"reason", "allow"}:
            raise BluegreenError(f"{EXPECTED} Given: {given}.")
        reason, allow = given.get("reason"), given.get("allow", list(GATES))
        allow = [allow] if isinstance(allow, str) else allow
        if not isinstance(reason, str) or not reason.strip() or not isinstance(allow, list | tuple):
            raise BluegreenError(f"{EXPECTED} Given: {dict(given)}.")
        if unknown := [str(each) for each in allow if each not in ALLOWED]:
            raise BluegreenError(f"{EXPECTED} Unknown: {', '.join(unknown)}.")
        return cls(reason.strip(), tuple(allow))

    def allows(self, what: str) -> bool:
        return what in self.allow


EXPECTED = (
    "bluegreen_override is the reason why a closed gate may be passed, or a mapping with reason and allow, a list of "
    f"{', '.join(ALLOWED)}; for example {{reason: hotfix, allow: [freeze]}}."
)
