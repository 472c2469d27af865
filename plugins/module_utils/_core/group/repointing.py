# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that are bound to a group, or to its target groups, bound to its clone and the clone's target groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.arns import arn_resource
from ..base.errors import BluegreenError

TargetGroup = Mapping[str, Any]  # as DescribeTargetGroups returns it
Dimension = Mapping[str, str]

LABEL_SEPARATOR = "/targetgroup/"  # app/<name>/<id>/targetgroup/<name>/<id> (PredefinedMetricSpecification)
EXPRESSIONS = {"Expression", "Query"}  # metric math with SEARCH, Metrics Insights, PromQL


@dataclass(frozen=True)
class Twin:
    """The target group that takes another's place. Both names are the last part of an ARN, as metrics have them."""

    name: str
    load_balancer: str | None  # None while no listener or rule forwards to it

    @classmethod
    def read(cls, target_group: TargetGroup) -> Twin:
        balancers = target_group.get("LoadBalancerArns", [])
        balancer = arn_resource(balancers[0]).removeprefix("loadbalancer/") if balancers else None
        return cls(arn_resource(target_group["TargetGroupArn"]), balancer)


@dataclass(frozen=True)
class Repointing:
    """From ``group`` to ``clone``, and from target groups, by the last part of their ARNs, to their copies."""

    group: str
    clone: str
    twins: Mapping[str, Twin]

    @classmethod
    def between(cls, group: str, clone: str, twins: Mapping[str, TargetGroup]) -> Repointing:
        """``twins``: the clone's target groups by the ARNs of the source's."""
        return cls(group, clone, {arn_resource(arn): Twin.read(twin) for arn, twin in twins.items()})

    def apply(self, value: Any) -> Any:
        """The same with every metric re-pointed, however deep it lies in a policy or an alarm."""
        if isinstance(value, Mapping):
            return {key: self._field(key, item) for key, item in value.items()}
        return [self.apply(item) for item in value] if isinstance(value, list) else value

    def unreached(self, value: Any) -> list[str]:
        """The copies that metrics in here need, but that no load balancer forwards to, so that they have no metrics."""
        texts = list(_texts(value))
        return sorted(
            twin.name
            for name, twin in self.twins.items()
            if twin.load_balancer is None and any(name in text for text in texts)
        )

    def _field(self, key: str, item: Any) -> Any:
        if key == "Dimensions":
            return self._dimensions(item)
        if key == "ResourceLabel":
            return self._label(item)
        return self._expression(item) if key in EXPRESSIONS else self.apply(item)

    def _dimensions(self, dimensions: Sequence[Dimension]) -> list[dict[str, str]]:
        twin = next((self.twins[each["Value"]] for each in dimensions if each["Value"] in self.twins), None)
        return [{**each, "Value": self._value(each, twin)} for each in dimensions]

    def _value(self, dimension: Dimension, twin: Twin | None) -> str:
        value = dimension["Value"]
        if value == self.group:
            return self.clone
        if twin and dimension["Name"] == "LoadBalancer":
            return twin.load_balancer or value
        return self.twins[value].name if value in self.twins else value

    def _label(self, label: str) -> str:
        balancer, _separator, rest = label.partition(LABEL_SEPARATOR)
        twin = self.twins.get(f"targetgroup/{rest}")
        return f"{twin.load_balancer or balancer}/{twin.name}" if twin else label

    def _expression(self, text: str) -> str:
        """Names in queries are values: in quotation marks, or after an equals sign. Elsewhere they are metrics' ids."""
        for name, twin in self.twins.items():
            text = text.replace(name, twin.name)
        named = rf"""(["'=]\s*){re.escape(self.group)}(?=["'\s,)}}]|$)"""
        return re.sub(named, lambda found: found[1] + self.clone, text)


def mentions(value: Any, name: str) -> bool:
    return any(name in text for text in _texts(value))


def find_twin(target_group: TargetGroup, others: Sequence[TargetGroup]) -> TargetGroup:
    """Which of a clone's target groups does what this one does for the source."""
    if target_group in others:
        return target_group
    same = [each for each in others if _service(each) == _service(target_group)]
    if len(same) != 1:
        names = ", ".join(each["TargetGroupName"] for each in others) or "none"
        protocol, port = _service(target_group)
        raise BluegreenError(
            f"A scaling policy follows target group {target_group['TargetGroupName']} ({protocol}, port {port}), and "
            f"{len(same)} of the clone's target groups ({names}) have the same protocol and port; it must be one."
        )
    return same[0]


def _service(target_group: TargetGroup) -> tuple[Any, Any]:
    return target_group.get("Protocol"), target_group.get("Port")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
