# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bucket_rules takes."""

from __future__ import annotations

from dataclasses import dataclass

from ..base.options import Options


@dataclass(frozen=True, kw_only=True)
class BucketOptions(Options):
    url: str
    keep_days: int = 400
    keep_versions_days: int = 30
