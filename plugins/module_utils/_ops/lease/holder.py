# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has the lease of a service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..._core.lease.claim import read_claims
from ..._core.lease.contest import Holder, find_holder
from ..base.run import Run
from .process import dead


def holder_of(run: Run, tags: Iterable[Mapping[str, str]]) -> Holder | None:
    """By the tags of its target groups."""
    claims = read_claims(tags)
    return find_holder(claims, run.clock.now(), dead(claims))
