# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers to HTTP requests, and the release and the instance that they name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

EXCERPT = 200  # characters of a body that a finding shows


@dataclass(frozen=True)
class Reply:
    """What a request got. ``headers`` have lower-case names; ``error`` says why there was no answer at all."""

    milliseconds: float
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    error: str | None = None

    def value(self, path: str) -> Any:
        """What is at a dotted path (``replicas.0.state``) in the JSON body; LookupError when there is nothing."""
        try:
            found = json.loads(self.body)
        except ValueError:
            raise LookupError("a body that is not JSON") from None
        for name in path.split("."):
            try:
                found = found[int(name)] if isinstance(found, list) else found[name]
            except (LookupError, TypeError, ValueError):
                raise LookupError("nothing there") from None
        return found

    def excerpt(self) -> str:
        shown = self.body if len(self.body) <= EXCERPT else f"{self.body[:EXCERPT]}…"
        return f'with body "{shown}"' if shown else "with an empty body"


@dataclass(frozen=True)
class Mark:
    """Where an answer says which release, or which instance, it comes from: a header, or a path in its JSON body."""

    header: str | None = None
    json: str | None = None

    def as_data(self) -> dict[str, str]:
        return {"header": self.header} if self.header is not None else {"json": str(self.json)}

    def read(self, reply: Reply) -> str | None:
        if self.header is not None:
            return reply.headers.get(self.header.lower())
        try:
            return str(reply.value(str(self.json)))
        except LookupError:
            return None

    def __str__(self) -> str:
        return f"header {self.header}" if self.header is not None else f"JSON value {self.json}"


def latency(replies: Sequence[Reply]) -> dict[str, float | None]:
    """Percentiles (nearest rank) of the milliseconds that answers took; None where nothing answered."""
    taken = sorted(reply.milliseconds for reply in replies if reply.error is None)
    ranks = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {name: round(taken[ceil(rank * len(taken)) - 1], 1) if taken else None for name, rank in ranks.items()}
