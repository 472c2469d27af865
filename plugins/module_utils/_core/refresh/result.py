# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What module instance_refresh returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from .state import Refresh

Method = Literal["rollback", "refresh", "cancel", "none"]


@dataclass(frozen=True, kw_only=True)
class RefreshResult:
    """The return values, as the module documents them. ``before`` and ``after`` make the diff. What is None is not
    returned, except ``refresh``."""

    changed: bool = False
    refresh: Refresh | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    method: Method | None = None
    msg: str | None = None
    release: str | None = None
    verified: bool | None = None
    updated: Sequence[str] | None = None
    warnings: Sequence[str] | None = None

    @classmethod
    def nothing(cls, msg: str) -> Self:
        """Nothing had to be canceled or taken back."""
        return cls(method="none", msg=msg)

    @classmethod
    def ended(cls, method: Method, refresh: Refresh, how: str, msg: str) -> Self:
        """A refresh that was in progress has ended, or will: canceled, for example."""
        before, after = {"refresh": "in progress"}, {"refresh": how}
        return cls(changed=True, refresh=refresh, before=before, after=after, method=method, msg=msg)

    def as_data(self) -> dict[str, Any]:
        known = {key: its for key, its in vars(self).items() if its is not None and key not in ("before", "after")}
        refresh = self.refresh.as_data() if self.refresh else None
        return known | {"refresh": refresh, "diff": {"before": self.before, "after": self.after}}
