# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about launch configurations."""

from __future__ import annotations

from moto.core.responses import ActionResult

from .requests import GroupRequests


class LaunchConfigurationRequests(GroupRequests):
    def create_launch_configuration(self) -> ActionResult:
        """Without a word about public addresses, the subnet decides, and nothing is told; moto takes it for false."""
        created = super().create_launch_configuration()
        configuration = self.backend.launch_configurations[self._get_param("LaunchConfigurationName")]
        reported = self._get_bool_param("AssociatePublicIpAddress", None)
        configuration.associate_public_ip_address = reported  # type: ignore[assignment]  # None: it was not said
        return created
