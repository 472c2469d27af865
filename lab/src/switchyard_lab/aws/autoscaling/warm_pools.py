# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user does to the warm pool of a group."""

from __future__ import annotations

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

from . import validation
from .group import LabGroup
from .groups import GroupBackend
from .launching import NO_OVERRIDE, template_version
from .warm_pool import WarmPool, check_policy


class WarmPoolBackend(GroupBackend):
    def put_warm_pool(
        self,
        group_name: str,
        max_group_prepared_capacity: int | None,
        min_size: int | None,
        pool_state: str | None,
        instance_reuse_policy: dict[str, bool] | None,
    ) -> None:
        """Makes a pool, or changes what is named of one that is there."""
        group = self.changeable(group_name)
        validation.check_not_refreshed(group)
        check_policy(group.mixed_instances_policy)
        if group.ec2_launch_template and template_version(group, NO_OVERRIDE).data.get("InstanceMarketOptions"):
            raise ValidationError("Warm pools are not supported for launch templates that request Spot Instances")
        pool = group.warm_pool or WarmPool()
        if pool.status:
            raise ValidationError(f"The warm pool of AutoScalingGroup {group_name} is pending delete")
        group.warm_pool = pool.changed(
            max_group_prepared_capacity=max_group_prepared_capacity,
            min_size=min_size,
            pool_state=pool_state,
            instance_reuse_policy=instance_reuse_policy,
        )

    def delete_warm_pool(self, group_name: str, force: bool = False) -> None:
        """With instances only by force."""
        group = self._pooled(group_name)
        if group.warm_instances and not force:
            raise AutoscalingClientError("ResourceInUse", "The warm pool can't be deleted while it has instances")
        self.controller.empty_warm_pool(group)

    def _pooled(self, group_name: str) -> LabGroup:
        group = self.group(group_name)
        if group.warm_pool is None:
            raise ValidationError(f"No warm pool found for AutoScalingGroup {group_name}")
        return group
