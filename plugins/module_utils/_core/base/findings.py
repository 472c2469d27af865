# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: sentences about everything that is wrong, reported together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .errors import BluegreenError, StoppedError

T = TypeVar("T")


def refusal(what: str, findings: Sequence[str], facts: Mapping[str, Any] | None = None) -> BluegreenError:
    """An error with all the findings, numbered when there are several.

    ``facts`` are returned with them: a module's result, whose empty ``findings`` these replace.
    """
    numbered = (
        findings if len(findings) == 1 else [f"{number}. {finding}" for number, finding in enumerate(findings, 1)]
    )
    return BluegreenError(f"{what}: {' '.join(numbered)}", **{**(facts or {}), "findings": list(findings)})


def refuse(what: str, findings: Sequence[str], facts: Mapping[str, Any] | None = None) -> None:
    """A refusal, unless nothing was found."""
    if findings:
        raise refusal(what, findings, facts)


class Report:
    """Collects findings while the checks continue."""

    def __init__(self) -> None:
        self.errors: list[BluegreenError] = []

    @property
    def findings(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(map(str, self.errors)))

    def note(self, finding: str) -> None:
        self.errors.append(BluegreenError(finding))

    def of(self, work: Callable[..., T], *arguments: Any, **options: Any) -> T | None:
        try:
            return work(*arguments, **options)
        except StoppedError:
            raise
        except BluegreenError as error:
            self.errors.append(error)
            return None
