# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several writes: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..._core.base.errors import BluegreenError, OverwrittenError, StoppedError


@dataclass(frozen=True)
class Write:
    """``done``: how it stands once it is made, as a sentence, for the case that it can't be put back. What somebody
    else has changed since is not put back, which is an OverwrittenError."""

    make: Callable[[], Any]
    put_back: Callable[[], Any]
    done: str


def write_all(writes: Sequence[Write], before_each: Callable[[], None]) -> list[Any]:
    """Their answers, in turn. When one of them is refused, those before it are put back."""
    answers: list[Any] = []
    for write in writes:
        try:
            before_each()
            answers.append(write.make())
        except StoppedError:
            raise
        except BluegreenError as error:
            raise BluegreenError(f"{error}{_put_back(writes[: len(answers)])}", **error.facts) from error
    return answers


def _put_back(writes: Sequence[Write]) -> str:
    """A sentence on how it went. A route that cannot be put back does not keep the others from it."""
    stuck = []
    for write in reversed(writes):
        try:
            write.put_back()
        except OverwrittenError as error:
            stuck.append(str(error).rstrip("."))
        except BluegreenError as error:
            stuck.append(f"{write.done} now ({error})")
    if stuck:
        return f" Not every route changed before it could be put back: {'; '.join(stuck)}."
    return " Every route changed before it was put back." if writes else ""
