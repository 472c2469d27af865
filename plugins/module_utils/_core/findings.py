# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: sentences about all that is wrong, told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import BluegreenError


def refuse(what: str, findings: Sequence[str], facts: Mapping[str, Any] | None = None) -> None:
    """An error with all the findings, numbered when there are several, unless there are none.

    ``facts`` come beside them: a module's result, whose empty ``findings`` these replace.
    """
    if not findings:
        return
    told = findings if len(findings) == 1 else [f"{number}. {finding}" for number, finding in enumerate(findings, 1)]
    raise BluegreenError(f"{what}: {' '.join(told)}", **{**(facts or {}), "findings": list(findings)})
