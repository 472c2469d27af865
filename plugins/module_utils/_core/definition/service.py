# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run needs to know of a service's variables, as typed values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..bake.metrics import Metric, parse_metrics
from ..checks.replies import AnswerMark
from ..checks.sent import without_query
from ..launch.image_rule import ImageRule
from ..safety.schedules import SafetyNet
from ..service.override import Override
from ..service.place import Place
from ..service.windows import Window, parse_windows
from ..traffic.kinds import parse_route, parse_routes
from .steps import Step
from .strategies import final_bake, lag_of, parse_strategy
from .variables import VARIABLES

SECRET = "(secret)"  # noqa: S105 (a placeholder)

Values = Mapping[str, Any]  # all variables that were read, as plain data, by their names without the prefix


@dataclass(frozen=True)
class WatchSettings:
    """The settings of a watch. ``keep_failed``: seconds for which a rejected candidate stays. ``alarm``: the alarm of
    the service that has gone off, if an event reports one, and ``period``: seconds after a release in which that
    matters."""

    resumes: bool = False
    keep_failed: int = 0
    alarm: str = ""
    period: int = 0


@dataclass(frozen=True)
class TestRoute:
    """Either ``arn`` and ``url``, or ``urls`` by color."""

    arn: str = ""
    url: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    validate_certs: bool = True
    ca_path: str = ""

    def url_of(self, color: str) -> str:
        return self.urls.get(color) or self.url


@dataclass(frozen=True)
class Candidate:
    """What is to run. ``rule`` finds the image where its ID is not said. ``first_group`` is empty for a service that
    has one."""

    image_id: str
    rule: ImageRule | None
    release: str
    user_data: str = field(repr=False)
    first_group: Mapping[str, Any] = field(repr=False)
    headroom_percent: int
    refuses_changes: bool


@dataclass(frozen=True)
class Verification:
    """What checks compare. ``release_from`` and ``instance_from`` are the places in which a response names its
    release and its instance; None where that is not checked."""

    test_route: TestRoute | None
    release_from: AnswerMark | None
    instance_from: AnswerMark | None


@dataclass(frozen=True)
class Shift:
    """``steps`` say how long each bakes. ``stickiness_seconds`` is None if routes keep their stickiness."""

    steps: Sequence[Step]
    metrics_lag: int
    propagation_timeout: int
    stickiness_seconds: int | None
    alarms: Sequence[str]
    metrics: Sequence[Metric]
    pauses: bool

    @property
    def judges(self) -> list[Metric]:
        """The metrics that decide: a dry run is only reported."""
        return [each for each in self.metrics if not each.dry_run]

    @property
    def watched(self) -> bool:
        return bool(self.alarms or self.judges)


@dataclass(frozen=True)
class Roll:
    """``hold_seconds``: for how long AWS holds it at each checkpoint, and at the end."""

    checkpoints: Sequence[int]
    hold_seconds: int

    def held(self, instances: int) -> int:
        """Seconds for which AWS holds it altogether: checkpoints finer than one instance are passed together."""
        return min(len({*self.checkpoints, 100}), max(1, instances)) * self.hold_seconds


@dataclass(frozen=True)
class Gates:
    windows: Sequence[Window]
    override: Override


@dataclass(frozen=True)
class Definition:
    """``net`` has no role where AWS is not to return the traffic. ``store`` is empty where there is none.

    Everything else that was said is for the tasks of the stages, which take it as plain data.
    """

    place: Place
    candidate: Candidate
    verification: Verification
    shift: Shift
    roll: Roll
    gates: Gates
    hooks: Mapping[str, str]
    retain_seconds: int
    quiet_seconds: int
    net: SafetyNet
    store: str
    watch: WatchSettings

    @classmethod
    def read(cls, values: Values) -> Definition:
        """From values that the parser has read, so that none is malformed."""
        route = TestRoute(**values["test_route"]) if values["test_route"] else None
        return cls(
            place=_place(values, route),
            candidate=Candidate(
                values["image_id"],
                ImageRule(**values["image"], release=values["release"]) if values["image"] else None,
                values["release"],
                values["user_data"],
                values["group"],
                values["headroom_percent"],
                values["shape_change"] == "refuse",
            ),
            verification=Verification(route, _mark(values["release_from"]), _mark(values["instance_from"])),
            shift=Shift(
                parse_strategy(values["strategy"], final_bake(values)),
                lag_of(values),
                values["propagation_timeout"],
                values["stickiness_seconds"],
                values["alarms"],
                parse_metrics(values["metrics"]),
                values["inconclusive"] == "pause",
            ),
            roll=Roll(values["checkpoints"], values["hold_seconds"]),
            gates=Gates(parse_windows(values["windows"]), Override.parse(values["override"])),
            hooks=values["hooks"],
            retain_seconds=values["retain_seconds"],
            quiet_seconds=values["quiet_seconds"],
            net=SafetyNet(values["service"], values["return_role"], values["return_after"]),
            store=values["store"],
            watch=_watch(values),
        )


def concealed_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    return dict.fromkeys(headers, SECRET)


def concealed_checks(checks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Without what the requests send, and without the keys that were not given."""
    sent = ("headers", "path", "body")
    return [{**check, **{key: CONCEALED[key](check[key]) for key in sent if key in check}} for check in _given(checks)]


CONCEALED: Mapping[str, Callable[[Any], Any]] = {
    "headers": concealed_headers,
    "path": without_query,
    "body": lambda _body: SECRET,
}


def as_data(values: Values) -> dict[str, Any]:
    """Everything that was said, for tasks: with the steps of the strategy, and without secrets."""
    steps = parse_strategy(values["strategy"], final_bake(values))
    shown = {**concealed(values), "steps": [step.as_data() for step in steps]}
    shown |= {"metrics": _given(shown["metrics"])}
    shown |= {each.key: SECRET for each in VARIABLES if each.secret and shown[each.key]}
    return {**shown, "group": _without_user_data(shown["group"]), "target_groups": _as_written(shown["target_groups"])}


def concealed(values: Values) -> dict[str, Any]:
    """Without what is sent with requests: the task that sends them reads it again."""
    route = values["test_route"]
    shown = {**route, "headers": concealed_headers(route["headers"])} if "headers" in route else route
    return {**values, "checks": concealed_checks(values["checks"]), "test_route": shown}


def _watch(values: Values) -> WatchSettings:
    """An alarm of another service is nothing to this one."""
    alarm = values["event_alarm"] if values["event_alarm"] in values["alarms"] else ""
    return WatchSettings(values["abandoned"] == "resume", values["keep_failed"], alarm, values["watch_period"])


def _place(values: Values, route: TestRoute | None) -> Place:
    return Place(
        values["service"],
        parse_routes(values["routes"]),
        values["target_groups"],
        parse_route(route.arn) if route and route.arn else None,
    )


def _as_written(named: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A single one is no list."""
    return {color: names[0] if len(names) == 1 else list(names) for color, names in named.items()}


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


def _mark(given: Mapping[str, str]) -> AnswerMark | None:
    return AnswerMark(given.get("header"), given.get("json")) if given else None
