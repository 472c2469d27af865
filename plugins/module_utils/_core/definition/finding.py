# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: what is wrong with the variables of a service, each with the variable that the person wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .variable import Variable

# What says which service it is and where its lease is kept: with another value, another one would be touched, or one
# that somebody changes.
IDENTITY = tuple(f"bluegreen_{key}" for key in ("service", "routes", "target_groups", "region", "profile", "store"))

LONGEST = 2000  # characters of a problem


@dataclass(frozen=True)
class Finding:
    """``problem`` says what is wrong and what was expected. ``refuses`` is False for a warning."""

    variable: str
    problem: str
    example: str = ""
    refuses: bool = True

    @property
    def sentence(self) -> str:
        return f"{self.problem} For example: {self.variable}: {self.example}" if self.example else self.problem

    def __str__(self) -> str:
        return self.sentence


SERIAL = "bluegreen_serial"
SERIAL_IN_INVENTORY = Finding(
    SERIAL,
    "bluegreen_serial is set in the inventory, and a play reads it from extra variables only. Remove it there, and set "
    "it with -e, or on AWX in the variables of the job template.",
)


def wrong_value(variable: Variable, problem: str) -> Finding:
    """A problem that begins with the name, or has an example, needs no other. The middle of a very long one, such as a
    file's text in the place of a name, is left out."""
    if len(problem) > LONGEST:
        problem = f"{problem[: LONGEST // 2]} … {problem[-LONGEST // 2 :]}"
    sentence = problem if problem.startswith(variable.name) else f"{variable.name}: {problem}"
    return Finding(variable.name, sentence, "" if "for example" in problem else variable.example)


def missing(variable: Variable, work: str) -> Finding:
    what = variable.text.replace("`", "").split(". ")[0].rstrip(".")
    problem = f"{variable.name} is not set, and {work}.yml needs it: {what[0].lower()}{what[1:]}."
    return Finding(variable.name, problem, variable.example)


def as_warning(finding: Finding, instead: str) -> Finding:
    """For work that continues without the value; ``instead`` is a sentence about how."""
    return Finding(finding.variable, f"{finding.problem} {instead}", refuses=False)


def of_identity(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.variable in IDENTITY]


def refusals(findings: Iterable[Finding]) -> list[str]:
    return [each.sentence for each in findings if each.refuses]


def warnings(findings: Iterable[Finding]) -> list[str]:
    return [each.sentence for each in findings if not each.refuses]
