# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about launch configurations."""

from __future__ import annotations

from moto.autoscaling.exceptions import ValidationError
from moto.core.responses import ActionResult

from ..parameters import is_parameter
from .requests import GroupRequests


class LaunchConfigurationRequests(GroupRequests):
    def create_launch_configuration(self) -> ActionResult:
        """Without a word about public addresses, the subnet decides, and nothing is told; moto takes it for false."""
        image_id = self._get_param("ImageId")
        if is_parameter(image_id):
            raise ValidationError(f'AMI {image_id} is invalid: Invalid id: "{image_id}" (expecting "ami-...")')
        created = super().create_launch_configuration()
        configuration = self.backend.launch_configurations[self._get_param("LaunchConfigurationName")]
        reported = self._get_bool_param("AssociatePublicIpAddress", None)
        configuration.associate_public_ip_address = reported  # type: ignore[assignment]  # None: it was not said
        return created
