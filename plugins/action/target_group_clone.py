# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process."""

from __future__ import annotations

from ..module_utils._args.traffic.target_group_copy import TargetGroupCloneOptions
from ..module_utils._ops.traffic.target_group_copy import target_group_clone
from ..plugin_utils._in_process import TO_RETURN, InProcess


class ActionModule(InProcess):
    spec, work = TargetGroupCloneOptions, staticmethod(target_group_clone)
    warmed = TO_RETURN
