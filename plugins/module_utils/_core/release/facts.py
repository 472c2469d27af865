# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read before a release is decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..bake.alarms import Alarm
from ..base.errors import BluegreenError
from ..base.sessions import UnrenewedSession
from ..launch.followers import Followed
from ..lease.contest import Holder
from ..refresh.state import Refresh
from ..traffic.references import Reference
from .quotas import Quota

T = TypeVar("T")
Item = Mapping[str, Any]  # as AWS describes it


class NotThereError(BluegreenError):
    """AWS did answer: there is no such thing."""


@dataclass(frozen=True)
class Fact(Generic[T]):
    """What a read came to: a value, or the error that everyone gets who asks for it."""

    answer: T | BluegreenError

    def __call__(self) -> T:
        if isinstance(self.answer, BluegreenError):
            raise self.answer
        return self.answer


@dataclass(frozen=True, kw_only=True)
class Facts:
    """None is what a run does not need.

    ``group`` is what a candidate is built from, or the first group as it will be; ``launched`` is its launch template
    data. ``changes`` are what a candidate would have otherwise than what is live. ``namesakes`` are groups that have
    the first group's name. ``live_image`` is that of ``group``, None where it is gone, empty where it is not known.
    ``followed`` is who else launches from its launch templates, and ``hooks`` are its lifecycle hooks.
    ``target_groups`` are those of both environments, ``balancers`` the load balancers that lead to them.
    ``other_refresh`` is why a roll cannot continue the refresh that is in progress, empty when it can.
    ``leaving`` are groups that are removed first. ``weights`` is an
    error where the routes could not be given weights. ``attributes`` are those of the target groups, by ARN, and
    ``balancer`` those of the Network Load Balancer that has the routes.
    ``session`` is that of credentials that nothing renews.
    ``schedule_group`` and ``return_role`` are what AWS needs to return the traffic by itself; ``pass_role`` is who
    hands the role over, and what came of the question whether that is allowed. ``store`` is who has the
    lease that is kept in it.
    """

    session: Fact[UnrenewedSession | None] | None = None
    image: Fact[Item] | None = None
    group: Fact[Item] | None = None
    launched: Fact[Item] | None = None
    types: Fact[list[Item]] | None = None
    changes: Fact[list[dict[str, Any]]] | None = None
    namesakes: Fact[list[Item]] | None = None
    key_pair: Fact[Item | None] | None = None
    security_groups: Fact[list[Item]] | None = None
    live_image: Fact[Item | None] | None = None
    followed: Fact[Followed] | None = None
    hooks: Fact[list[Item]] | None = None
    target_groups: Fact[list[Item]] | None = None
    refresh: Fact[Refresh | None] | None = None
    other_refresh: Fact[str] | None = None
    leaving: Fact[list[Item]] | None = None
    group_limits: Fact[Item] | None = None
    target_limits: Fact[Mapping[str, int]] | None = None
    subnets: Fact[list[Item] | None] | None = None
    balancers: Fact[list[Item]] | None = None
    quota: Fact[Quota] | None = None
    alarms: Fact[list[Alarm]] | None = None
    strays: Fact[Sequence[Reference]] | None = None
    idle_owners: Fact[Mapping[str, str]] | None = None
    stable_owners: Fact[Mapping[str, str]] | None = None
    weights: Fact[None] | None = None
    attributes: Fact[Mapping[str, Mapping[str, str]]] | None = None
    balancer: Fact[Mapping[str, str]] | None = None
    schedule_group: Fact[Item] | None = None
    return_role: Fact[Item | None] | None = None
    pass_role: Fact[tuple[str, Item]] | None = None
    store: Fact[Holder | None] | None = None
