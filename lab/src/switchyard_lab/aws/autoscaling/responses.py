# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, every request that the lab fixes."""

from .hook_requests import HookRequests
from .launch_configuration_requests import LaunchConfigurationRequests
from .refresh_requests import RefreshRequests
from .schedule_requests import ScheduleRequests
from .settings_requests import SettingsRequests
from .warm_pool_requests import WarmPoolRequests


class LabAutoScalingResponse(
    HookRequests,
    LaunchConfigurationRequests,
    RefreshRequests,
    ScheduleRequests,
    SettingsRequests,
    WarmPoolRequests,
):
    """One class, because moto looks for an action among the methods of one class."""
