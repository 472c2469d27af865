# SPDX-License-Identifier: GPL-3.0-or-later
"""Composite alarms: judged when they are put, and then whenever an alarm of their rule has changed its state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from .alarm_book import Alarm, Evidence, Judgement
from .alarms import State, timestamp, utc
from .composite import Rule


class CompositeAlarmJudge:
    def __init__(self, rule: Rule, arn: str, event: str) -> None:
        """`event` is what the alarm's first reason tells of it: created, or updated."""
        self._rule = rule
        self._first_reason = f"{arn} was {event} and its alarm rule evaluates to"
        self._seen: Mapping[str, State] | None = None

    @property
    def children(self) -> tuple[str, ...]:
        return self._rule.children

    def judge(self, evidence: Evidence) -> Judgement | None:
        children = {name: evidence.alarms[name] for name in self.children if name in evidence.alarms}
        states = {name: alarm.state for name, alarm in children.items()}
        if states == self._seen:
            return None
        seen, self._seen = self._seen, states
        state: State = "ALARM" if self._rule.holds(states) else "OK"
        if seen is None:
            return Judgement(state, f"{self._first_reason} {state}", _data(children.values()))
        changed = [alarm for name, alarm in children.items() if alarm.state != seen.get(name)]
        if not changed:
            return None  # an alarm of the rule is gone, which nothing but a new rule can answer
        last = max(changed, key=lambda alarm: alarm.updated)
        when = utc(last.updated).strftime("%A %d %B, %Y %H:%M:%S UTC")
        return Judgement(state, f"{last.alarm_arn} transitioned to {last.state} at {when}", _data(changed))


def _data(alarms: Iterable[Alarm]) -> str:
    """StateReasonData."""
    triggering = [
        {"arn": alarm.alarm_arn, "state": {"value": alarm.state, "timestamp": timestamp(alarm.updated)}}
        for alarm in alarms
    ]
    return json.dumps({"triggeringAlarms": triggering}, separators=(",", ":"))
