# SPDX-License-Identifier: GPL-3.0-or-later
"""Which overlaps there are: each playbook against each, for each kind of route, at each position of the traffic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

PLAYBOOKS = ("deploy", "rollback", "teardown", "swap", "roll")
KINDS = ("listener", "rule", "records", "network")
POSITIONS = (10, 100)
APART = (0.0, 0.3, 1.0, 3.0)  # seconds between their first API calls


@dataclass(frozen=True)
class Row:
    """``position`` is the candidate's percent of the traffic when they begin: at 100 it has settled, and the previous
    environment is due for removal. A roll wants no second environment, so there is none next to it at 100."""

    kind: str
    position: int
    first: str
    second: str

    @property
    def id(self) -> str:
        return f"{self.kind}, {self.position} %, {self.first} and {self.second}"

    @property
    def alone(self) -> bool:
        return self.position == 100 and "roll" in (self.first, self.second)


def rows() -> Iterator[Row]:
    for kind, position, first, second in product(KINDS, POSITIONS, PLAYBOOKS, PLAYBOOKS):
        yield Row(kind, position, first, second)
