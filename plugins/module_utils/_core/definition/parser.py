# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the variables of a service as plain data, with everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..base.arns import regions_in
from ..base.errors import BluegreenError
from .contradictions import find_contradictions
from .finding import Finding, as_warning, missing, wrong_value
from .readers import Help, read_value
from .values import is_unset
from .variable import Variable
from .variables import BY_NAME, VARIABLES, find_unknown, meant_by

ROUTES, TARGET_GROUPS = "bluegreen_routes", "bluegreen_target_groups"
PLACE = (ROUTES, TARGET_GROUPS)
SERVICE = "bluegreen_service"
INSTEAD = {"bluegreen_image_id": "bluegreen_image"}  # what is needed only where the other is not set
# Bounds of one range: where one is not taken, the other has to fit its default.
RANGE = ("min_healthy_percentage", "max_healthy_percentage")
# What each work cannot do without, by its playbook.
NEEDED: Mapping[str, Sequence[str]] = {
    "deploy": (*PLACE, "bluegreen_image_id"),
    "provision": (*PLACE, "bluegreen_image_id"),
    "verify": PLACE,
    "swap": PLACE,
    "teardown": PLACE,
    "watch": PLACE,
    "rollback": PLACE,
    "roll": (*PLACE, "bluegreen_image_id"),
    "adopt": PLACE,
    "status": PLACE,
    "history": (TARGET_GROUPS,),
    "approve": PLACE,
    "freeze": (TARGET_GROUPS, "bluegreen_freeze_reason"),
    "unfreeze": (TARGET_GROUPS,),
    "store": ("bluegreen_store",),
}
# What returns traffic, or only looks, takes the default of a variable that cannot be read. It reads only what it uses:
# no other variable, and no lookup in one, holds it up.
LENIENT: Mapping[str, Sequence[str]] = {
    "rollback": (
        *(SERVICE, *PLACE, "bluegreen_stable", "bluegreen_override", "bluegreen_return_role"),
        *("bluegreen_region", "bluegreen_profile", "bluegreen_store", "bluegreen_hooks", "bluegreen_hook_timeout"),
        *("bluegreen_headroom_percent", "bluegreen_health_timeout", "bluegreen_roll_timeout"),
        *("bluegreen_min_healthy_percentage", "bluegreen_max_healthy_percentage", "bluegreen_instance_warmup"),
        *("bluegreen_scale_in_protected", "bluegreen_standby"),
    ),
    "status": (SERVICE, *PLACE, "bluegreen_region", "bluegreen_profile", "bluegreen_stable", "bluegreen_store"),
    "unfreeze": (SERVICE, TARGET_GROUPS, "bluegreen_region", "bluegreen_profile"),
    "history": (SERVICE, TARGET_GROUPS, "bluegreen_region", "bluegreen_profile", "bluegreen_store"),
}
# What names a release. An inventory often composes it of what is given with -e; a run that continues with whatever
# candidate there is, or that removes, is run without.
RELEASED = ("bluegreen_image_id", "bluegreen_image", "bluegreen_release", "bluegreen_user_data")
# What parsers of well-formed values raise for others, such as a list where a name is expected.
MISREAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

Values = dict[str, Any]  # plain data by the key of the variable


def names_for(work: str) -> Sequence[str]:
    """The variables that the work reads: all of them, so that a release finds every mistake, or those that it uses."""
    used = LENIENT.get(work, BY_NAME)
    return [name for name in BY_NAME if name in used and not (work in ("teardown", "watch") and name in RELEASED)]


def may_be_undefined(name: str, work: str) -> bool:
    """Whether a template of this variable that refers to something undefined means that it is unset."""
    return name in RELEASED and "bluegreen_image_id" not in NEEDED[work]


def parse(
    given: Mapping[str, Any],
    work: str = "deploy",
    *,
    service: str,
    user: str = "",
    aid: Help | None = None,
    unreadable: Mapping[str, str] | None = None,
) -> tuple[Values, list[Finding]]:
    """The values of a definition, and everything that is wrong with it.

    ``given`` are variables by name. Unknown ones are findings; known ones that are no part of a definition are passed
    over. ``work`` is the playbook. ``service`` and ``user`` are defaults: the host's name, and who runs the play.
    ``unreadable`` are variables that could not be evaluated, each with the reason.

    Defaults are in place of what could not be read. With a finding that refuses, do not act on it.
    """
    lost, findings = dict(unreadable or {}), []
    said = {**given, SERVICE: service if is_unset(given.get(SERVICE)) else given[SERVICE]}
    defaults = {variable.key: variable.default for variable in VARIABLES}
    defaults |= {"service": service, "approve_by": user, "freeze_by": user}
    values = dict(defaults)
    findings += _misspelt([*given, *lost])
    for variable in map(BY_NAME.__getitem__, names_for(work)):
        try:
            if variable.name in lost:
                raise BluegreenError(f"Its value cannot be evaluated: {lost[variable.name]}")
            if not is_unset(said.get(variable.name)):
                values[variable.key] = read_value(variable, said[variable.name], aid or Help())
            elif variable.name in NEEDED[work] and not _is_replaced(variable.name, said, lost):
                findings.append(missing(variable, work))
        except BluegreenError as error:
            findings.append(wrong_value(variable, _hidden(variable, str(error))))
            values[variable.key] = error.facts.get("sound", values[variable.key])
        except MISREAD:
            findings.append(wrong_value(variable, "There is a value of a wrong type in it."))
    known = {finding.variable for finding in findings}
    findings += [each for each in find_contradictions(values, work) if each.variable not in known]
    if work in LENIENT:
        values, findings = _lenient(values, defaults, findings)
    regions = regions_in([values["routes"], values["target_groups"]])
    return {**values, "region": regions[0] if regions else values["region"]}, findings


def _misspelt(names: Sequence[str]) -> list[Finding]:
    unknown = [Finding(name, sentence) for name, sentence in find_unknown(names).items()]
    slips = [(name, meant_by(name)) for name in names]
    return unknown + [
        Finding(name, f"Nothing reads variable {name}. Did you mean {meant}?", refuses=False)
        for name, meant in slips
        if meant
    ]


def _is_replaced(name: str, said: Mapping[str, Any], lost: Mapping[str, str]) -> bool:
    other = INSTEAD.get(name, "")
    return other in lost or not is_unset(said.get(other))


def _hidden(variable: Variable, problem: str) -> str:
    """A problem of a secret text quotes nothing of it."""
    is_quoted = variable.secret and variable.kind == "text" and problem.endswith("is not text.")
    return "It is not text." if is_quoted else problem


def _lenient(values: Values, defaults: Values, findings: Sequence[Finding]) -> tuple[Values, list[Finding]]:
    """The default for whatever is wrong, but for what says which service it is: another one must not be touched. Of
    hooks, those with which nothing is wrong are left."""
    kept, read = [], dict(values)
    for finding in findings:
        variable = BY_NAME.get(finding.variable)
        if variable is None:
            kept.append(replace(finding, refuses=False))
        elif finding.variable in (SERVICE, *PLACE) or not finding.refuses:
            kept.append(finding)
        elif variable.kind == "hooks" and read[variable.key]:
            kept.append(as_warning(finding, f"Only {' and '.join(read[variable.key])} can run."))
        else:
            read |= {key: defaults[key] for key in (RANGE if variable.key in RANGE else (variable.key,))}
            default = (variable.described_default or "none").replace("`", "")
            kept.append(as_warning(finding, f"The default is used: {default}."))
    return read, kept
