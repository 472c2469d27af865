# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phases of a service, by name: what its candidate is doing."""

from __future__ import annotations

SETTLED, PROVISIONED, SHIFTING = "settled", "provisioned", "shifting"


def phase_of(*, shifting: bool, waits: bool) -> str:
    """``shifting``: the candidate has traffic; ``provisioned``: it waits for some; ``settled``: there is none.

    A group that is retained is the previous release, not a candidate, though it has the candidate's color.
    """
    if shifting:
        return SHIFTING
    return PROVISIONED if waits else SETTLED
