# SPDX-License-Identifier: GPL-3.0-or-later
"""What is answered to a question. Like the resolver of a VPC, the lab's follows a name while it stays in the lab."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from ..aws.route53.records import RecordSet, balancer_name, dns_name
from .choice import choose
from .view import View, Zone

# "If an alias record points to an ELB load balancer … Route 53 uses the default TTL": 60 seconds, as for its own name.
LOAD_BALANCER_TTL = 60
LONGEST_CHAIN = 8


class UnknownNameError(Exception):
    """NXDOMAIN: neither this name nor one below it has a record in the zone that it belongs to."""


class NotOurNameError(Exception):
    """REFUSED: no zone of the lab holds it, and the lab asks nobody else."""


@dataclass(frozen=True)
class Answer:
    name: str
    type: str
    ttl: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """At one moment."""

    view: View
    now: float
    random: Random

    def to(self, name: str, kind: str) -> list[Answer]:
        """The records of the answer section; none: the name has no record of this type."""
        found: list[Answer] = []
        for _link in range(LONGEST_CHAIN):
            try:
                part = self._at(name, kind)
            except (NotOurNameError, UnknownNameError):
                if not found:
                    raise
                return found  # where the chain leaves the lab, it is the asker's turn
            found += part
            if kind == "CNAME" or not part or part[-1].type != "CNAME":
                return found
            name = dns_name(part[-1].values[0])
        return found

    def _at(self, name: str, kind: str) -> list[Answer]:
        """Without following a CNAME."""
        if balancer_name(name) in self.view.load_balancers:
            return list(self._load_balancer(name, kind))
        zone = self.view.zone_of(name)
        if zone is None:
            raise NotOurNameError(name)
        records = zone.records(self.now)
        if not any(f".{record.name}".endswith(f".{name}") for record in records):
            raise UnknownNameError(name)
        return list(self._in_zone(name, kind, zone))

    def _load_balancer(self, name: str, kind: str) -> Iterator[Answer]:
        balancer = self.view.load_balancers.get(balancer_name(name))
        if balancer and kind == "A":
            yield Answer(name, kind, LOAD_BALANCER_TTL, (balancer.address,))

    def _in_zone(self, name: str, kind: str, zone: Zone) -> Iterator[Answer]:
        for wanted in (kind, "CNAME"):
            group = self._group(name, wanted, zone)
            if group:
                chosen = choose(group, lambda record: self._is_healthy(record, zone), self.random)
                yield from self._answer(chosen, zone)
                return

    def _answer(self, record: RecordSet, zone: Zone) -> Iterator[Answer]:
        """An alias answers in its own name with what its target has."""
        if record.alias is None:
            values = self.random.sample(record.values, len(record.values))
            yield Answer(record.name, record.type, record.ttl or 0, tuple(values))
            return
        target = record.alias.target
        found = (
            self._in_zone(target, record.type, zone) if zone.holds(target) else self._load_balancer(target, record.type)
        )
        for answer in found:
            yield replace(answer, name=record.name)

    def _is_healthy(self, record: RecordSet, zone: Zone) -> bool:
        """ "Records without a health check are always healthy\"; an alias has the health of its target if it is told
        to evaluate it."""
        if record.health_check_id in self.view.failing_checks:
            return False
        if record.alias is None or not record.alias.evaluates_health:
            return True
        if balancer := self.view.load_balancers.get(balancer_name(record.alias.target)):
            return balancer.healthy
        return any(self._is_healthy(each, zone) for each in self._group(record.alias.target, record.type, zone))

    def _group(self, name: str, kind: str, zone: Zone) -> Sequence[RecordSet]:
        return [record for record in zone.records(self.now) if (record.name, record.type) == (name, kind)]
