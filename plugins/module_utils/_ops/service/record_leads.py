# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads where records lead: to the load balancers of which color."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from ..._aws.traffic import elbv2, listeners, route53
from ..._core.service.colors import leading
from ..._core.service.environments import Color, TargetGroups
from ..._core.traffic.record import RecordRoute
from ..._core.traffic.record_sets import Fields
from ..base.run import Run, together


def read_leads(run: Run, groups: TargetGroups, records: Sequence[RecordRoute]) -> list[dict[Color, Color]]:
    """For each record, the color that each color's record set leads to, as far as that is known."""
    if not records:
        return []
    names, *answers = together(partial(_balancers, run, groups), *[partial(_answers, run, each) for each in records])
    return [leading(record, names, its) for record, its in zip(records, answers, strict=True)]


def _balancers(run: Run, groups: TargetGroups) -> dict[Color, list[str]]:
    """The DNS names of each color's load balancers."""
    client = run.client("elbv2")
    found = elbv2.describe_target_groups_by_arn(client, list(groups.values()))
    arns = {group["TargetGroupArn"]: group["LoadBalancerArns"] for group in found}
    every = list(dict.fromkeys(arn for its in arns.values() for arn in its))
    described = together(*[partial(listeners.describe_load_balancer, client, arn) for arn in every])
    names = dict(zip(every, (each["DNSName"] for each in described), strict=True))
    return {color: [names[arn] for arn in arns[group]] for color, group in groups.items()}


def _answers(run: Run, record: RecordRoute) -> Mapping[str, list[str]]:
    """The names that each record set answers, by its identifier."""
    records = record.records
    return {identifier: _names(run, records.zone_id, fields) for identifier, fields in records.sets.items()}


def _names(run: Run, zone: str, fields: Fields) -> list[str]:
    """An alias may be of another record in its zone, which then says where it leads."""
    alias = fields.get("AliasTarget")
    if alias is None:
        return [each["Value"] for each in fields.get("ResourceRecords", [])]
    if alias["HostedZoneId"] != zone:
        return [alias["DNSName"]]
    found = route53.list_records(run.client("route53"), zone, alias["DNSName"], fields["Type"])
    return [name for each in found for name in _names(run, zone, each)]
