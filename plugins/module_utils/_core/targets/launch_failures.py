# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails while a group comes up, gathered look by look, and when it is enough to stop waiting.

What is transient does not count: targets that are initial or drain, a check that fails within the grace period, an
instance or two that had to be replaced, a launch that failed when a later one did better, or that may still do so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .activities import Activity, advice, failed_launches
from .members import Members
from .registration import Target

Targets = Mapping[str, Sequence[Target]]  # by the name of their target group
NAMED = 3  # instances that a sentence names
COULD_NOT = "AWS could not launch an instance"
CORRECT = "Correct the image, or the health check, then run again."


@dataclass(frozen=True)
class Patience:
    """With what may pass, such as a lack of capacity: a wait ends after this many launches that failed, over this many
    seconds."""

    failures: int
    seconds: int


PATIENT = Patience(3, 180)
HURRIED = Patience(2, 15)  # while users are on a release that is being returned


@dataclass(frozen=True)
class LaunchVerdict:
    """Why the wait cannot succeed: a sentence, and the activities that it rests on."""

    sentence: str
    activities: Sequence[Activity] = ()


@dataclass(frozen=True)
class LaunchFailures:
    """What has failed so far, by instance: ``lost``, those that did not prove themselves; ``failing``, how its
    target failed last, which AWS no longer returns once it is gone; ``since``, when it was first seen in service,
    or last seen healthy."""

    patience: Patience = PATIENT
    lost: Mapping[str, Activity] = field(default_factory=dict)
    failing: Mapping[str, str] = field(default_factory=dict)
    unhealthy: Sequence[str] = ()
    since: Mapping[str, float] = field(default_factory=dict)
    failures: Sequence[Activity] = ()

    def seen(self, now: float, members: Members, targets: Targets, activities: Iterable[Activity]) -> LaunchFailures:
        """With one more look; ``activities`` are those that belong to this wait."""
        known = list(activities)
        ours = {member.id for member in members.members}
        healthy = {target.id for found in targets.values() for target in found if target.healthy}
        unhealthy = {
            target.id: f"{target.message()} in {name}"
            for name, found in targets.items()
            for target in found
            if target.id in ours and target.failing
        }
        return replace(
            self,
            lost={**self.lost, **{each.instance: each for each in known if each.loses and each.instance}},
            failing={**self.failing, **unhealthy},
            unhealthy=tuple(unhealthy),
            since={
                each.id: now if each.id in healthy - unhealthy.keys() else self.since.get(each.id, now)
                for each in members.serving
            },
            failures=failed_launches(known),
        )

    def remark(self) -> str:
        """What goes wrong, and may still pass."""
        return f"{COULD_NOT} yet: {self.failures[0].reason}" if self.failures else ""

    def verdict(self, now: float, members: Members) -> LaunchVerdict | None:
        return self._launches(members) or self._churn(members) or self._never_healthy(now, members)

    def _launches(self, members: Members) -> LaunchVerdict | None:
        if not self.failures:
            return None
        newest, oldest = self.failures[0], self.failures[-1]
        if not newest.may_pass:
            return LaunchVerdict(f"{COULD_NOT}: {newest.reason}. {advice(newest.reason)}", [newest])
        lasting = (newest.started - oldest.started).total_seconds()
        if len(self.failures) < self.patience.failures or lasting < self.patience.seconds:
            return None
        zones = " and ".join(sorted({each.zone for each in self.failures if each.zone}))
        tried = f"{len(self.failures)} attempts in {lasting:.0f} s{f' in {zones}' if zones else ''}"
        only = f" {members.group} is balanced-only, so that AWS tries no other zone." if members.balanced_only else ""
        said = f"{newest.reason} (activity {newest.id}).{only} {advice(newest.reason)}"
        return LaunchVerdict(f"{COULD_NOT} in {tried}: {said}", self.failures)

    def _churn(self, members: Members) -> LaunchVerdict | None:
        if len(self.lost) <= tolerated(members.size):
            return None
        last = max(self.lost.values(), key=lambda each: each.started)
        health = self.failing.get(last.instance or "")
        seen = f" Last seen: {health}." if health else ""
        return LaunchVerdict(
            f"{len(self.lost)} of its instances did not stay in service. The last of them, {last.instance}: "
            f"{(last.message or last.cause).rstrip('.')}.{seen} {CORRECT}",
            list(self.lost.values()),
        )

    def _never_healthy(self, now: float, members: Members) -> LaunchVerdict | None:
        """A group with EC2 health checks replaces none of them. One with ELB health checks does, but only once its
        target group is InService, which takes a first healthy target when it was attached later (AttachTrafficSources).
        """
        patience = members.patience_seconds
        over = [each for each in self.unhealthy if now - self.since.get(each, now) >= patience]
        if len(over) <= (tolerated(members.size) if members.replaces_unhealthy else 0):
            return None
        named = ", ".join(self.failing[each] for each in over[:NAMED])
        more = f", and {len(over) - NAMED} more" if len(over) > NAMED else ""
        return LaunchVerdict(f"After {patience} seconds in service, health checks still fail: {named}{more}. {CORRECT}")


def tolerated(size: int) -> int:
    """How many instances may fail and be replaced: a tenth of the group, at least one, and never all."""
    return min(max(1, size // 10), size - 1)
