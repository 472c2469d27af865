# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind of route is able to do: to be read, checked, written, put back and confirmed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from ..._core.base.errors import OverwrittenError
from ..._core.traffic.route import Change, Route
from ..base.run import Run
from ..base.writes import Write

D = TypeVar("D")  # how a person describes a route of this kind
R = TypeVar("R", bound=Route)  # such a route as it is


class RouteKind(ABC, Generic[D, R]):
    """The routes, or their changes, that a method is given are all of this kind.

    ``takes_time``: a change is written at once, but until it holds everywhere, it cannot be put back everywhere either.
    """

    takes_time: ClassVar[bool] = False

    @abstractmethod
    def read(self, run: Run, definitions: Sequence[D]) -> list[R]:
        """In the order asked."""

    @abstractmethod
    def writes(self, run: Run, changes: Sequence[Change[R]]) -> list[Write]:
        """One for each part that AWS changes as a whole, each with the way to put it back."""

    def write_alone(self, run: Run, change: Change[R], _warn: Callable[[str], None]) -> Any:
        """One change, whatever becomes of others; the answer of its write."""
        (write,) = self.writes(run, [change])
        return write.make()

    @abstractmethod
    def confirm(self, run: Run, changes: Sequence[Change[R]], answers: Sequence[Any], seconds: float) -> None:
        """Wait, at most so long, until AWS reports what was written. ``answers`` are those of the writes, in turn."""

    def check(self, run: Run, changes: Sequence[Change[R]]) -> None:
        """An error for what AWS would refuse, or take in another sense."""

    def answers(self, _run: Run, _route: R) -> Mapping[str, Sequence[str]]:
        """The DNS names that a route in front of load balancers leads to, by color."""
        return {}


def refuse_other(change: Change[Route], found: Route) -> None:
    """An error when a route that was read again after the change is not as it was written."""
    if found.shares() != change.after.shares():
        raise OverwrittenError(
            f"{found.title} was given {change.after.describe()} but splits {found.describe()}; somebody else changed "
            "it at the same time."
        )
