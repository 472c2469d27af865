# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group launches from, and how it is lent or given another: the desired configuration of an instance refresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..parameters import is_parameter
from . import mixed

if TYPE_CHECKING:
    from .group import LabGroup

Configuration = Mapping[str, Any]  # DesiredConfiguration: a LaunchTemplate or a MixedInstancesPolicy

FIELDS = (
    "ec2_launch_template",
    "launch_config",
    "launch_configuration_name",
    "launch_template_version",
    "mixed_instances_policy",
    "provided_launch_template_version",
)
MOVING = ("$Latest", "$Default")


def give(group: LabGroup, configuration: Configuration) -> None:
    """The group launches from this from now on, and says so."""
    policy = configuration.get("MixedInstancesPolicy")
    for field in FIELDS:
        setattr(group, field, None)
    group.mixed_instances_policy = mixed.completed(policy, {}, group.ec2_backend) if policy else None
    template = dict(configuration.get("LaunchTemplate", {}))
    group._set_launch_configuration("", template, group.mixed_instances_policy)


@contextmanager
def lent(group: LabGroup, configuration: Configuration | None) -> Iterator[None]:
    """The group launches from this for the length of the block; without a configuration, from its own."""
    if configuration is None:
        yield
        return
    own = {field: getattr(group, field, None) for field in FIELDS}
    give(group, configuration)
    try:
        yield
    finally:
        for field, value in own.items():
            setattr(group, field, value)


def moves(group: LabGroup) -> bool:
    """Whether what it launches from is not the same for ever, so that no refresh can be rolled back to it."""
    if group.ec2_launch_template is None:
        return False
    version = group.ec2_launch_template.get_version(group.launch_template_version)
    return group.launch_template_version in MOVING or is_parameter(version.data.get("ImageId"))
