# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixed instances policies: what AWS fills in, and how much of the capacity is On-Demand.

Defaults as InstancesDistribution documents them in the API reference, proportions as the user guide does ("Controlling
the proportion of On-Demand instances").
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.launch_templates import LaunchTemplate

LOWEST_PRICE = "lowest-price"
SPECIFICATION = "LaunchTemplateSpecification"

Policy = Mapping[str, Any]


def completed(policy: Policy, known: Policy, ec2: EC2Backend) -> dict[str, Any]:
    """As it is described: what the request leaves out stays as it is known, or is the default."""
    _check(policy.get("InstancesDistribution", {}))
    template = {**known.get("LaunchTemplate", {}), **policy.get("LaunchTemplate", {})}
    template["Overrides"] = [_identified(each, ec2) for each in template.get("Overrides", [])]
    asked = {**known.get("InstancesDistribution", {}), **policy.get("InstancesDistribution", {})}
    return {"LaunchTemplate": template, "InstancesDistribution": _distribution(asked, template["Overrides"])}


def on_demand_units(policy: Policy | None, desired: int) -> int:
    """The base, and a share of the rest that is rounded up in favor of On-Demand."""
    distribution = (policy or {}).get("InstancesDistribution", {})
    base = min(int(distribution.get("OnDemandBaseCapacity", 0)), desired)
    percent = int(distribution.get("OnDemandPercentageAboveBaseCapacity", 100))
    return base + math.ceil((desired - base) * percent / 100)


def named_template(ec2: EC2Backend, specification: Mapping[str, Any]) -> LaunchTemplate:
    if "LaunchTemplateId" in specification:
        return ec2.get_launch_template(specification["LaunchTemplateId"])
    return ec2.get_launch_template_by_name(specification["LaunchTemplateName"])


def _check(asked: Mapping[str, Any]) -> None:
    if "SpotInstancePools" in asked and asked.get("SpotAllocationStrategy", LOWEST_PRICE) != LOWEST_PRICE:
        raise ValidationError(f"SpotInstancePools is valid only when SpotAllocationStrategy is {LOWEST_PRICE}")


def _identified(override: Mapping[str, Any], ec2: EC2Backend) -> dict[str, Any]:
    """A launch template is told with its ID and its name, whichever it was given by."""
    if SPECIFICATION not in override:
        return dict(override)
    template = named_template(ec2, override[SPECIFICATION])
    named = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name}
    return {**override, SPECIFICATION: {**override[SPECIFICATION], **named}}


def _distribution(asked: Mapping[str, Any], overrides: list[dict[str, Any]]) -> dict[str, Any]:
    attributes = any("InstanceRequirements" in each for each in overrides)
    distribution = {
        "OnDemandAllocationStrategy": LOWEST_PRICE if attributes else "prioritized",
        "SpotAllocationStrategy": LOWEST_PRICE,
        **asked,
    }
    if not distribution.get("DistributionSegments"):  # which stand in place of these
        distribution = {"OnDemandBaseCapacity": 0, "OnDemandPercentageAboveBaseCapacity": 100, **distribution}
    if distribution["SpotAllocationStrategy"] == LOWEST_PRICE:
        distribution.setdefault("SpotInstancePools", 2)
    else:
        distribution.pop("SpotInstancePools", None)
    if distribution.get("SpotMaxPrice") == "":
        del distribution["SpotMaxPrice"]
    return distribution
