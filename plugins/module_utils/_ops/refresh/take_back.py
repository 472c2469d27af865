# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives a group that is rolled, or was, its previous image again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..._args.base.options import given
from ..._args.refresh.roll import RefreshOptions
from ..._aws.refresh import rolling
from ..._core.base.tags import tags_of
from ..._core.refresh.history import FINISHED, Rolled
from ..._core.refresh.result import RefreshResult
from ..._core.refresh.state import CANCELED, ROLLED_BACK, Refresh
from ..._core.refresh.way_back import way_back
from ..base.run import Run
from ..lease.beside import Beside
from .others import check_own, image_of, read_group, require_image
from .start import Begin, Goal, roll_to, write_tags
from .stop import await_stop, stop
from .wait import await_percentage

Group = Mapping[str, Any]


def take_back(options: RefreshOptions, run: Run, group: Group, active: Refresh | None) -> dict[str, Any]:
    """Under a lease, if ``doing`` says what for. A run that only waits for what another one has begun takes none."""
    beside = Beside(run, options, given(options.service), options.target_groups, options.hook_timeout)
    rolled = Rolled.read(tags_of(group))
    back = TakingBack(options, run, group, rolled, beside.begin)
    with beside.in_facts():
        done = back.take(active)
    more = {
        "previous_image_id": rolled.previous_image,
        "returned": back.knows_previous,
        "left": rolled.left.as_data() if rolled.left else None,
        "returned_at": run.clock.now() if done.changed and back.waits else None,
    }
    return beside.end(done.as_data() | more)


@dataclass(frozen=True)
class TakingBack:
    """One group on its way back. ``begin`` comes right before the first write."""

    options: RefreshOptions
    run: Run
    group: Group
    rolled: Rolled
    begin: Begin

    @property
    def waits(self) -> bool:
        return self.options.wait and not self.run.check_mode

    @property
    def knows_previous(self) -> bool:
        """The tags are of the last roll. What somebody else has set the group to since replaced another image."""
        return self.rolled.previous_image is not None and self.options.image_id in (None, self.rolled.image)

    def take(self, active: Refresh | None) -> RefreshResult:
        if active is None:
            return self._refresh()
        brought = image_of(self.run, active) if active.forward else None
        match way_back(active, brought, self.rolled):
            case "refresh":
                await_stop(self.options, self.run, active, CANCELED)
                return self._refresh()
            case "join":
                return self._join(active)
            case "rollback":
                check_own(self.run, self.group, active, given(self.options.service), brought)
                return self._roll_back(active)
            case "await_rollback":
                return self._await_rollback(active)

    def _refresh(self) -> RefreshResult:
        """One more refresh: AWS does not roll back what is over."""
        group = read_group(self.run, self.options.group)
        return replace(self, group=group, rolled=Rolled.read(tags_of(group)))._roll_to_previous()

    def _roll_to_previous(self) -> RefreshResult:
        name, image = self.options.group, self.rolled.previous_image
        if image is None:
            return RefreshResult.nothing(
                f"{name} was never rolled to another image: there is no previous one to return to."
            )
        if not self.knows_previous:
            return RefreshResult.nothing(
                f"{name} was not rolled to {self.options.image_id}, but set to it by somebody else, so that the image "
                "before is not known and it stays. Roll it to an image that is good."
            )
        goal = Goal(
            given(self.options.service), image, self.rolled.previous_release, self.options.to_return(), journal=False
        )
        result = roll_to(self.run, self.group, goal, self.begin)
        if not result.changed:
            return RefreshResult.nothing(f"{name} runs its previous image, {image}, already.")
        if result.refresh and self.waits:
            result = replace(result, refresh=self._await_return(result.refresh))
        return replace(result, method="refresh", msg=FINISHED.format(group=name, image=image))

    def _join(self, returning: Refresh) -> RefreshResult:
        """A run that died has begun it."""
        if self.waits:
            returning = self._await_return(returning)
        said = f"{returning.group} was already rolling back to the previous image."
        return RefreshResult.ended("refresh", returning, "finished", said)

    def _await_return(self, returning: Refresh) -> Refresh:
        """Until the group has its previous image, and is labeled so."""
        returning = await_percentage(self.run, returning, None, self.options.wait_timeout)
        image = self.rolled.previous_image
        require_image(self.run, returning, image, "rolled back")
        if label := self.rolled.label(given(image), self.rolled.previous_release):
            self.begin()
            write_tags(self.run, self.options.group, label)
        return returning

    def _roll_back(self, active: Refresh) -> RefreshResult:
        """AWS does it while the refresh runs; one that has just ended needs another one."""
        if self.run.check_mode:
            return self._await_rollback(active)
        self.begin()
        stopped = stop(self.run, active, rolling.roll_back_refresh)
        return self._await_rollback(stopped) if stopped else self._refresh()

    def _await_rollback(self, active: Refresh) -> RefreshResult:
        ended = await_stop(self.options, self.run, active, ROLLED_BACK)
        if self.waits:
            require_image(self.run, ended, self.rolled.previous_image, "rolled back")
        said = f"The instance refresh of {self.options.group} was rolled back while it ran."
        return RefreshResult.ended("rollback", ended, "rolled back", said)
