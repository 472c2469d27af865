# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of target_group_clone."""

from __future__ import annotations

from ..base.spec import Spec

TARGET_GROUP_CLONE = Spec({"source": {"type": "str", "required": True}, "name": {"type": "str", "required": True}})
