# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process."""

from __future__ import annotations

from ..module_utils._args.service.freeze import FreezeOptions
from ..module_utils._ops.service.freeze import freeze
from ..plugin_utils._in_process import TO_RETURN, InProcess


class ActionModule(InProcess):
    spec, work = FreezeOptions, staticmethod(freeze)
    warmed = TO_RETURN
