# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease under which a task of a release works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from ..._core.safety.schedules import RETURN_AFTER
from .options import Options

When = Literal["first", "before_write", "right_before_write", "if_read", "later"]


@dataclass(frozen=True, kw_only=True)
class LeaseOptions(Options):
    """What module lease has returned. ``claim`` is as Claim.as_data makes it. ``stage`` is what the task belongs to:
    its ``title`` and, in a plan, its ``number`` and whether this task ``closes`` it."""

    service: str
    target_groups: Sequence[str]  # ARNs
    claim: Mapping[str, Any]
    seconds: int
    return_role: str | None = None
    return_after: int = RETURN_AFTER
    unattended: int = 0
    store: str | None = None
    stage: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Claimant(Options):
    """Who takes a lease, and what for; the controller knows the process and who runs it. ``title`` is what the record
    of the run calls the task; none where the record begins with a plan."""

    title: ClassVar[str] = ""
    doing: str | None = None
    by: str = ""
    process: str = ""
    store: str | None = None


@dataclass(frozen=True, kw_only=True)
class Leased(Options):
    """A task that changes a service, or waits while it is being changed.

    ``checks_lease`` says when it looks whether it still has the lease, because a run that has lost it must not write:

    - ``first``: before it begins.
    - ``before_write``: then, as it mostly finds nothing to write and only waits.
    - ``right_before_write``: then, as a rollback may have taken the lease by then and must not be overwritten; and
      before it begins, where a record or schedules are written before that.
    - ``if_read``: before it begins, but without an answer from AWS it continues, because users are in trouble.
    - ``later``: only in its waits, because it writes nothing.
    """

    _checks_lease: ClassVar[When] = "first"
    lease: LeaseOptions | None = None
    poll_seconds: float = 0.0

    def __init_subclass__(cls, *, checks_lease: When | None = None, **rules: Any) -> None:
        super().__init_subclass__(**rules)
        if checks_lease:
            cls._checks_lease = checks_lease

    @property
    def checks_lease(self) -> When:
        return self._checks_lease

    @property
    def only_waits(self) -> bool:
        """Whether it mostly finds nothing to write."""
        return self.checks_lease in ("later", "before_write")

    @property
    def returns_traffic(self) -> bool:
        """Whether it is part of a return of traffic, so that users wait for it."""
        return self.checks_lease == "if_read"

    @property
    def pace(self) -> float:
        """How long waits pause once they continue; what returns traffic looks as often as ever."""
        return 0.0 if self.returns_traffic else self.poll_seconds

    @property
    def hook_timeout(self) -> int:
        """For how many seconds nothing renews the lease after the task."""
        return 0


@dataclass(frozen=True, kw_only=True)
class BeforeHook(Leased):
    """A task that a hook may follow."""

    hook_timeout: int = 0
