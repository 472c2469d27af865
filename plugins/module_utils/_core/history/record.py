# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run does to a service, written down as it happens: who, what, why, from, to, each stage, and the end.

It holds no secrets: of the user data there is a digest, and of what a task returns only what is listed here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from ..base.timestamps import utc
from .outcome import Outcome, Version
from .traffic import Traffic

FORMAT = 1
# What is kept of the result of a task: what it did and saw.
EVIDENCE = (
    *("verdict", "reasons", "alarms", "metrics", "target_groups", "approved_by", "evidence_at", "msg"),
    *("weights", "moves", "returned_at", "findings", "requests", "latency", "stable", "retain_until", "capacity"),
    *("rejected", "removal", "refresh", "previous_image_id"),
)


@dataclass(frozen=True)
class RecordedStage:
    """A stage of the plan, or another task of the run, whose ``number`` is None. ``ended`` is None while it works, and
    when its run died in it; one that failed has ended when the next one begins."""

    title: str
    number: int | None
    began: float
    ended: float | None = None
    changed: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def is_part_of(self, title: str, number: int | None) -> bool:
        return (self.title, self.number) == (title, number)

    def with_result(self, result: Mapping[str, Any]) -> RecordedStage:
        """Several tasks may make up a stage: the later one's evidence comes to that of the earlier."""
        changed = self.changed or bool(result.get("changed"))
        seen = {key: result[key] for key in EVIDENCE if result.get(key) not in (None, [], {}, "")}
        if "target_groups" in seen:
            seen["target_groups"] = [_without_healthy(each) for each in seen["target_groups"]]
        return replace(self, changed=changed, evidence={**self.evidence, **seen})

    def as_data(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "title": self.title,
            "began": _moment(self.began),
            "ended": _moment(self.ended),
            "changed": self.changed,
            **self.evidence,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> RecordedStage:
        evidence = {key: data[key] for key in EVIDENCE if key in data}
        ended = _seconds(data["ended"]) if data["ended"] else None
        return cls(data["title"], data["number"], _seconds(data["began"]), ended, data["changed"], evidence)


@dataclass(frozen=True)
class Record:
    """``outcome`` is the run in short, which has no end while it works. ``why``: the reason of an override. ``plan``
    are the titles of its stages. ``digests``: of the user data, before and after. ``message`` says how it ended.
    ``image`` is what a rule has found; None where there was none. ``traffic``: how it was split at the beginning."""

    service: str
    outcome: Outcome
    why: str = ""
    plan: tuple[str, ...] = ()
    digests: tuple[str, str] = ("", "")
    stages: tuple[RecordedStage, ...] = ()
    message: str = ""
    image: Mapping[str, Any] | None = None
    traffic: Traffic | None = None

    def begin(self, title: str, number: int | None, now: float) -> Record:
        """Begins a stage, or continues it with another task. A stage before it without an end, such as a hook, ends
        now."""
        if self.stages and self.stages[-1].is_part_of(title, number):
            return self
        return replace(self, stages=(*self._passed(number, now), RecordedStage(title, number, now)))

    def end(self, result: Mapping[str, Any], now: float, *, closes: bool = True) -> Record:
        """A task has ended with this, and what began last with it, if the task ``closes`` it."""
        *before, last = self.stages
        traffic = self.traffic or Traffic.of_service(result.get("service", {}))
        if traffic and "weights" in result and not traffic.is_of(result):
            result = {key: value for key, value in result.items() if key != "weights"}
        last = replace(last.with_result(result), ended=now if closes else last.ended)
        return replace(self, traffic=traffic, stages=(*before, last))

    def fail(self, number: int | None, result: Mapping[str, Any]) -> Record:
        """What a stage that failed has seen; it has no end."""
        if not number or number > len(self.plan):
            return self
        stages = {each.number: index for index, each in enumerate(self.stages) if each.number}
        if number not in stages:  # it has written nothing down itself
            at = max(stages.values(), default=-1) + 1
            began = self.stages[at - 1].ended if at else None
            failed = RecordedStage(self.plan[number - 1], number, began or self.outcome.began)
            return replace(self, stages=(*self.stages[:at], failed.with_result(result), *self.stages[at:]))
        return replace(
            self, stages=tuple(each.with_result(result) if each.number == number else each for each in self.stages)
        )

    def over(self, outcome: Outcome, message: str) -> Record:
        """The run has ended. What began before it, as a run without a plan, is said by the end alone."""
        return replace(self, outcome=outcome, message=message)

    def _passed(self, number: int | None, now: float) -> list[RecordedStage]:
        """What is over when the stage with this number begins; of some, such as requests, only that is known."""
        over = [each if each.ended else replace(each, ended=now) for each in self.stages]
        last = over[-1].number or 0 if over else 0
        began = over[-1].ended or now if over else now
        between = range(last + 1, min(number or 0, len(self.plan) + 1))
        return over + [RecordedStage(self.plan[each - 1], each, began, now) for each in between]

    def as_data(self) -> dict[str, Any]:
        outcome = self.outcome.as_data()
        for side, digest in zip(("from", "to"), self.digests, strict=True):
            outcome[side] |= {"user_data_sha256": digest or None}
        return {
            "format": FORMAT,
            "service": self.service,
            **outcome,
            "why": self.why or None,
            "plan": list(self.plan),
            "stages": [each.as_data() for each in self.stages],
            "message": self.message or None,
            "image": self.image,
            "traffic": asdict(self.traffic) if self.traffic else None,
        }

    def text(self) -> str:
        return json.dumps(self.as_data(), indent=1, ensure_ascii=False, default=str)

    @classmethod
    def read(cls, text: str) -> Record | None:
        """None for a text that is none, or is one of another format."""
        try:
            data = json.loads(text)
            return cls.from_data(data) if data["format"] == FORMAT else None
        except (ValueError, KeyError, TypeError):
            return None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The record that ``as_data`` gave; an error for what is none."""
        sides = [dict(data[side]) for side in ("from", "to")]
        digests = [side.pop("user_data_sha256") or "" for side in sides]
        return cls(
            service=data["service"],
            outcome=Outcome.from_data({**data, "from": sides[0], "to": sides[1]}),
            why=data["why"] or "",
            plan=tuple(data["plan"]),
            digests=(digests[0], digests[1]),
            stages=tuple(map(RecordedStage.from_data, data["stages"])),
            message=data["message"] or "",
            image=data.get("image"),
            traffic=Traffic.from_data(data.get("traffic")),
        )

    @classmethod
    def of_claim(cls, service: str, claim: Mapping[str, Any]) -> Record:
        """The record of a run that has no plan, such as a rollback."""
        began = int(claim["fence"]) // 1000
        nothing = Version()
        return cls(service, Outcome(claim["run"], claim["doing"], claim["by"], began, None, "", nothing, nothing))

    @classmethod
    def of_plan(cls, plan: Mapping[str, Any], by: str, why: str) -> Record:
        """``plan`` is what module plan returned."""
        service, wanted = plan["service"], plan["wanted"]
        before = service["environments"][service["stable"]]
        outcome = Outcome(
            plan["run"],
            plan["doing"],
            by,
            int(plan["began"]),
            None,
            "",
            Version.of(before),
            Version.of(wanted),
        )
        digests = before["user_data_sha256"] or "", wanted["user_data"]
        titles = tuple(each["title"] for each in plan["stages"])
        traffic = Traffic.of_service(service)
        return cls(service["service"], outcome, why, titles, digests, image=plan.get("image"), traffic=traffic)


def _without_healthy(group: Any) -> Any:
    """The health of a group without its healthy targets, which are counted: of hundreds, only the others are listed."""
    if not isinstance(group, Mapping) or "targets" not in group:
        return group
    return {**group, "targets": [each for each in group["targets"] if each.get("state") != "healthy"]}


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else utc(seconds).isoformat(timespec="milliseconds")


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
