# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process."""

from __future__ import annotations

from ..module_utils._args.traffic.weights import RouteWeightsOptions
from ..module_utils._ops.safety.route_weights import route_weights
from ..plugin_utils._in_process import TO_RETURN, InProcess


class ActionModule(InProcess):
    spec, work = RouteWeightsOptions, staticmethod(route_weights)
    warmed = TO_RETURN
