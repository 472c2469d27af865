# SPDX-License-Identifier: GPL-3.0-or-later
"""One of several records ("How Amazon Route 53 chooses records when health checking is configured")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from ..aws.route53.records import RecordSet


def choose(group: Sequence[RecordSet], is_healthy: Callable[[RecordSet], bool], random: Random) -> RecordSet:
    """One of the records with the same name and type, by weight.

    "Route 53 initially considers only the nonzero weighted records, if any. If all the records that have a weight
    greater than 0 are unhealthy, then Route 53 considers the zero-weighted records." "When no record is healthy, all
    records are healthy." If all weights are 0, "traffic is routed to all resources with equal probability".
    """
    weighted = [record for record in group if record.weight != 0]
    unweighted = [record for record in group if record.weight == 0]
    for candidates in (
        [record for record in weighted if is_healthy(record)],
        [record for record in unweighted if is_healthy(record)],
        weighted,
    ):
        if candidates:
            return _by_weight(candidates, random)
    return _by_weight(unweighted, random)


def _by_weight(records: Sequence[RecordSet], random: Random) -> RecordSet:
    return random.choices(records, [record.weight or 1 for record in records])[0]
