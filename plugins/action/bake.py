# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process."""

from __future__ import annotations

from ..module_utils._args.bake.bake import BakeOptions
from ..module_utils._ops.bake.bake import bake
from ..plugin_utils._in_process import InProcess


class ActionModule(InProcess):
    spec, work = BakeOptions, staticmethod(bake)
