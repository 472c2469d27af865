# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of routes: how routes are read and written, by the class of what a user sets for one.

What a kind is able to do is in route.py; the classes are in kinds.py of _core.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..._core.traffic.forward_route import Listener, Rule
from ..._core.traffic.record import RecordDefinition
from ..._core.traffic.route import AnyChange, Route, RouteDefinition
from ..base.run import Run, together
from .forward_route import ListenerKind, RuleKind
from .record import RecordKind
from .route import RouteKind

AnyKind = RouteKind[Any, Any]

KINDS: dict[type[Any], AnyKind] = {
    Listener: ListenerKind(),
    Rule: RuleKind(),
    RecordDefinition: RecordKind(),
}


def kind_of(definition: RouteDefinition) -> AnyKind:
    return KINDS[type(definition)]


def read_routes(run: Run, definitions: Sequence[RouteDefinition]) -> list[Route]:
    """In the order asked: those of a kind together, the kinds side by side."""
    asked = {kind: [each for each in definitions if kind_of(each) is kind] for kind in map(kind_of, definitions)}
    answers = together(*[partial(kind.read, run, its) for kind, its in asked.items()])
    found = dict(zip(asked, map(iter, answers), strict=True))
    return [next(found[kind_of(each)]) for each in definitions]


def changes_by_kind(changes: Sequence[AnyChange]) -> list[tuple[AnyKind, list[AnyChange]]]:
    """In the order in which they are written: as given, but what takes its time comes last."""
    kinds = [(kind_of(change.before.definition), change) for change in changes]
    in_turn = groupby(sorted(kinds, key=lambda each: each[0].takes_time), key=itemgetter(0))
    return [(kind, [change for _kind, change in its]) for kind, its in in_turn]


def check_changes(run: Run, changes: Sequence[AnyChange]) -> None:
    """An error for what AWS would refuse, or take in another sense."""
    together(*[partial(kind.check, run, its) for kind, its in changes_by_kind(changes)])
