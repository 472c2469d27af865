# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers to HTTP requests, and the release and the instance that they name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from .sent import Sent

EXCERPT = 200  # characters of a body, or of a value in it, that a finding shows


@dataclass(frozen=True)
class Reply:
    """What a request got. ``headers`` have lower-case names. ``error`` says why there was no answer at all, and
    ``final`` that the next request would get none either. ``unread`` says why the body, or its end, is missing."""

    milliseconds: float
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    error: str | None = None
    final: bool = False
    unread: str = ""
    sent: Sent = field(default_factory=Sent)

    def value(self, path: str) -> Any:
        """What is at a dotted path (``replicas.0.state``) in the JSON body; LookupError when there is nothing."""
        try:
            found = json.loads(self.body)
        except ValueError:  # also a number with more digits than Python reads
            raise LookupError("a body that is not JSON") from None
        except RecursionError:
            raise LookupError("a body whose JSON is nested too deeply") from None
        for name in path.split("."):
            try:
                found = found[int(name)] if isinstance(found, list) else found[name]
            except (LookupError, TypeError, ValueError):
                raise LookupError("nothing there") from None
        return found

    def excerpt(self) -> str:
        shown = self.shown(self.body)
        unread = f" ({self.unread})" if self.unread else ""
        return (f'with body "{shown}"' if shown else "with an empty body") + unread

    def shown(self, found: str) -> str:
        """As much of what was ``found`` as a finding shows."""
        text = self.sent.hide(found)
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"


@dataclass(frozen=True)
class AnswerMark:
    """The place in which an answer says which release, or which instance, it comes from: a header, or a path in its
    JSON body."""

    header: str | None = None
    json: str | None = None

    def as_data(self) -> dict[str, str]:
        return {"header": self.header} if self.header is not None else {"json": str(self.json)}

    def read(self, reply: Reply) -> str | None:
        """A name is a text, or a number that stands for one."""
        if self.header is not None:
            return reply.headers.get(self.header.lower())
        try:
            found = reply.value(str(self.json))
        except LookupError:
            return None
        return None if found is None or isinstance(found, Mapping | list) else str(found)

    def __str__(self) -> str:
        return f"header {self.header}" if self.header is not None else f"JSON value {self.json}"


def latency(taken: Sequence[float]) -> dict[str, float | None]:
    """Percentiles (nearest rank) of the milliseconds that answers took; None where nothing answered."""
    in_order = sorted(taken)
    ranks = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {
        name: round(in_order[ceil(rank * len(in_order)) - 1], 1) if in_order else None for name, rank in ranks.items()
    }
