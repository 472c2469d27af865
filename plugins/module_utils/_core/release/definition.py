# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person says of a service, read once into one checked value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from ..bake.metrics import parse_metrics
from ..base.errors import BluegreenError
from ..checks.expectations import Check
from ..checks.replies import Mark
from ..service.override import Override
from ..traffic.kinds import parse_routes
from .contradictions import find_contradictions
from .finding import Finding, as_warning, missing, wrong_value
from .readers import Help, read_value
from .settings import (
    Adoption,
    Approving,
    Candidate,
    Ending,
    Freezing,
    Gates,
    Place,
    Roll,
    Shift,
    TestRoute,
    Verification,
)
from .strategies import final_bake, parse_strategy
from .values import is_unset
from .variable import Variable
from .variables import BY_NAME, VARIABLES, find_unknown
from .windows import parse_windows

ROUTES, TARGET_GROUPS = "bluegreen_routes", "bluegreen_target_groups"
PLACE = (ROUTES, TARGET_GROUPS)
SERVICE = "bluegreen_service"
# Bounds of one range: where one is not taken, the other has to fit its default.
RANGE = ("min_healthy_percentage", "max_healthy_percentage")
# What each work cannot do without, by its playbook.
NEEDED: Mapping[str, Sequence[str]] = {
    "deploy": (*PLACE, "bluegreen_image_id"),
    "provision": (*PLACE, "bluegreen_image_id"),
    "verify": PLACE,
    "swap": PLACE,
    "teardown": PLACE,
    "rollback": PLACE,
    "roll": (*PLACE, "bluegreen_image_id"),
    "adopt": PLACE,
    "status": PLACE,
    "approve": PLACE,
    "freeze": (TARGET_GROUPS, "bluegreen_freeze_reason"),
    "unfreeze": (TARGET_GROUPS,),
}
# What returns traffic, or only looks, takes the default of a variable that cannot be read. It reads only what it uses:
# no other variable, and no lookup in one, holds it up.
LENIENT: Mapping[str, Sequence[str]] = {
    "rollback": (
        *(SERVICE, *PLACE, "bluegreen_stable", "bluegreen_override", "bluegreen_hooks"),
        *("bluegreen_headroom_percent", "bluegreen_health_timeout", "bluegreen_roll_timeout"),
        *("bluegreen_min_healthy_percentage", "bluegreen_max_healthy_percentage", "bluegreen_instance_warmup"),
    ),
    "status": (SERVICE, *PLACE, "bluegreen_stable"),
    "unfreeze": (SERVICE, TARGET_GROUPS),
}
# What names a release. An inventory often composes it of what is given with -e; a run that goes on with whatever
# candidate there is, or that removes, is run without.
RELEASED = ("bluegreen_image_id", "bluegreen_release", "bluegreen_user_data")
# What parsers of well-formed values raise for others, such as a list where a name is expected.
MISREAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
SECRET = "(secret)"  # noqa: S105 (what stands for one)

Values = dict[str, Any]  # plain data by the key of the variable
Part = TypeVar("Part")


def names_for(work: str) -> Sequence[str]:
    """The variables that the work reads: all of them, so that a release finds every mistake, or those that it uses."""
    used = LENIENT.get(work, BY_NAME)
    return [name for name in BY_NAME if name in used and not (work == "teardown" and name in RELEASED)]


def may_be_undefined(name: str, work: str) -> bool:
    """Whether a template of this variable that refers to something undefined means that it is unset."""
    return name in RELEASED and "bluegreen_image_id" not in NEEDED[work]


@dataclass(frozen=True)
class Definition:
    """``values`` are all variables as plain data that modules take, by their names without the prefix."""

    service: str
    place: Place
    candidate: Candidate
    verification: Verification
    shift: Shift
    gates: Gates
    hooks: Mapping[str, str]
    ending: Ending
    roll: Roll
    adoption: Adoption
    freeze: Freezing
    approval: Approving
    values: Mapping[str, Any] = field(repr=False, compare=False)

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data, for a plan: with the steps of the strategy, and secrets marked."""
        shown = dict(self.values) | {"steps": [step.as_data() for step in self.shift.steps]}
        shown |= {key: _given(shown[key]) for key in ("checks", "metrics")}
        for variable in VARIABLES:
            if variable.secret and shown[variable.key]:
                shown[variable.key] = SECRET
        return shown | {"group": _without_user_data(shown["group"])}


def parse(
    given: Mapping[str, Any],
    work: str = "deploy",
    *,
    service: str,
    user: str = "",
    aid: Help | None = None,
    unreadable: Mapping[str, str] | None = None,
) -> tuple[Definition, list[Finding]]:
    """The definition, and everything that is wrong with it.

    ``given`` are variables by name. Unknown ones are findings; known ones that are no part of a definition are passed
    over. ``work`` is the playbook. ``service`` and ``user`` are defaults: the host's name, and who runs the play.
    ``unreadable`` are variables that could not be evaluated, each with the reason.

    A definition has defaults in place of what could not be read. With a finding that refuses, do not act on it.
    """
    lost, findings = dict(unreadable or {}), []
    said = {**given, SERVICE: service if is_unset(given.get(SERVICE)) else given[SERVICE]}
    defaults = {variable.key: variable.default for variable in VARIABLES}
    defaults |= {"service": service, "approve_by": user, "freeze_by": user}
    values = dict(defaults)
    findings += [Finding(name, sentence) for name, sentence in find_unknown([*given, *lost]).items()]
    for variable in map(BY_NAME.__getitem__, names_for(work)):
        try:
            if variable.name in lost:
                raise BluegreenError(f"Its value cannot be evaluated: {lost[variable.name]}")
            if not is_unset(said.get(variable.name)):
                values[variable.key] = read_value(variable, said[variable.name], aid or Help())
            elif variable.name in NEEDED[work]:
                findings.append(missing(variable, work))
        except BluegreenError as error:
            findings.append(wrong_value(variable, _hidden(variable, str(error))))
        except MISREAD:
            findings.append(wrong_value(variable, "There is a value of a wrong type in it."))
    known = {finding.variable for finding in findings}
    findings += [each for each in find_contradictions(values, work) if each.variable not in known]
    if work in LENIENT:
        values, findings = _lenient(values, defaults, findings)
    return _build(values), findings


def _hidden(variable: Variable, problem: str) -> str:
    """A problem of a secret quotes nothing of it."""
    return "It is not text." if variable.secret and problem.endswith("is not text.") else problem


def _lenient(values: Values, defaults: Values, findings: Sequence[Finding]) -> tuple[Values, list[Finding]]:
    """The default for whatever is wrong, but for what says which service it is: another one must not be touched."""
    kept, read = [], dict(values)
    for finding in findings:
        variable = BY_NAME.get(finding.variable)
        if variable is None:
            kept.append(replace(finding, refuses=False))
        elif finding.variable in (SERVICE, *PLACE) or not finding.refuses:
            kept.append(finding)
        else:
            read |= {key: defaults[key] for key in (RANGE if variable.key in RANGE else (variable.key,))}
            kept.append(as_warning(finding, variable.described_default or "none"))
    return read, kept


def _given(shapes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Without the keys that were not given."""
    return [
        {key: _given(item) if key == "queries" else item for key, item in each.items() if item is not None}
        for each in shapes
    ]


def _without_user_data(group: Mapping[str, Any]) -> dict[str, Any]:
    template = group.get("launch_template", {})
    if not template.get("user_data"):
        return dict(group)
    return {**group, "launch_template": {**template, "user_data": SECRET}}


def _build(values: Values) -> Definition:
    """From values that have been read, so that no parser refuses them."""
    groups = {color: tuple(names) for color, names in values["target_groups"].items()}
    return Definition(
        service=values["service"],
        place=Place(parse_routes(values["routes"]), groups, _test_route(values["test_route"]), values["stable"]),
        candidate=_part(Candidate, values, first_group=values["group"]),
        verification=Verification(
            [Check.parse(each) for each in values["checks"]],
            _mark(values["release_from"]),
            _mark(values["instance_from"]),
        ),
        shift=_part(
            Shift,
            values,
            steps=parse_strategy(values["strategy"], final_bake(values)),
            metrics=parse_metrics(values["metrics"]),
        ),
        gates=Gates(parse_windows(values["windows"]), Override.parse(values["override"])),
        hooks=values["hooks"],
        ending=_part(Ending, values),
        roll=_part(Roll, values),
        adoption=Adoption(values["adopt_group"], values["adopt_test_route"], values["adopt_stickiness_seconds"]),
        freeze=Freezing(values["freeze_reason"], values["freeze_by"], values["freeze_until"]),
        approval=Approving(values["approve_weight"], values["approve_by"]),
        values=values,
    )


def _part(kind: type[Part], values: Values, **others: Any) -> Part:
    """A part whose fields are called as the variables are, but for the others."""
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: others[name] if name in others else values[name] for name in names})


def _test_route(given: Mapping[str, Any]) -> TestRoute | None:
    return TestRoute(**given) if given else None


def _mark(given: Mapping[str, str]) -> Mark | None:
    return Mark(given.get("header"), given.get("json")) if given else None
