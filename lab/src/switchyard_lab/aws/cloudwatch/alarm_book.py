# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of one account and region: their definitions, their states, and the history of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ...clock import Clock
from ..sending import send
from .alarms import State, timestamp, utc
from .metrics import MetricStore

AlarmType = Literal["MetricAlarm", "CompositeAlarm"]
ItemType = Literal["ConfigurationUpdate", "StateUpdate", "Action"]
ACTIONS: Mapping[State, str] = {
    "OK": "OKActions",
    "ALARM": "AlarmActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


@dataclass(frozen=True)
class Judgement:
    """A state and why, as StateValue, StateReason and StateReasonData."""

    state: State
    reason: str
    data: str | None = None


@dataclass(frozen=True)
class Evidence:
    """What a judge may look at."""

    now: float
    clock: Clock
    store: MetricStore
    alarms: Mapping[str, Alarm]


class Judge(Protocol):
    """Finds the state of one alarm.

    It remembers what it has judged and judges nothing twice: so a state that SetAlarmState has set stays until there is
    something new to judge, and a changed definition (a new judge) is judged at once.
    """

    @property
    def children(self) -> tuple[str, ...]:
        """The names of the alarms that it looks at."""

    def judge(self, evidence: Evidence) -> Judgement | None:
        """None leaves the alarm as it is."""


@dataclass
class Alarm:
    """A definition in the API's words, the parameters of PutMetricAlarm or PutCompositeAlarm, and the present state."""

    type: AlarmType
    name: str
    alarm_arn: str
    definition: dict[str, Any]
    judge: Judge
    configured: float
    updated: float
    judgement: Judgement = Judgement("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")

    @property
    def state(self) -> State:
        return self.judgement.state

    @property
    def actions_enabled(self) -> bool:
        return bool(self.definition.get("ActionsEnabled", True))

    @property
    def actions(self) -> Mapping[State, Sequence[str]]:
        """What to do on the change to each state."""
        return {state: self.definition.get(parameter, []) for state, parameter in ACTIONS.items()}

    def notification(self, old: Judgement, now: float) -> dict[str, Any]:
        """What its topics hear of a change from the old state."""
        return {
            "AlarmName": self.name,
            "AlarmDescription": self.definition.get("AlarmDescription"),
            "AlarmArn": self.alarm_arn,
            "NewStateValue": self.state,
            "NewStateReason": self.judgement.reason,
            "StateChangeTime": timestamp(now),
            "OldStateValue": old.state,
        }

    def described(self) -> dict[str, Any]:
        """The alarm as DescribeAlarms shows it."""
        state = {
            "AlarmArn": self.alarm_arn,
            "AlarmConfigurationUpdatedTimestamp": utc(self.configured),
            "StateValue": self.state,
            "StateReason": self.judgement.reason,
            "StateReasonData": self.judgement.data,
            "StateUpdatedTimestamp": utc(self.updated),
            "StateTransitionedTimestamp": utc(self.updated),
        }
        actions = {parameter: self.actions[each] for each, parameter in ACTIONS.items()}
        return self.definition | {"ActionsEnabled": self.actions_enabled} | actions | state


@dataclass(frozen=True)
class HistoryItem:
    """One item of DescribeAlarmHistory."""

    alarm: str
    alarm_type: AlarmType
    at: float
    type: ItemType
    summary: str
    data: Mapping[str, Any]

    def described(self) -> dict[str, Any]:
        return {
            "AlarmName": self.alarm,
            "AlarmType": self.alarm_type,
            "Timestamp": utc(self.at),
            "HistoryItemType": self.type,
            "HistorySummary": self.summary,
            "HistoryData": json.dumps(self.data),
        }


@dataclass
class AlarmBook:
    """Alarms by name; what has happened to an alarm is remembered longer than the alarm."""

    arn_prefix: str
    alarms: dict[str, Alarm] = field(default_factory=dict)
    history: list[HistoryItem] = field(default_factory=list)

    def put(self, alarm_type: AlarmType, definition: dict[str, Any], judge: Judge, now: float) -> Alarm:
        """Create or replace. An update leaves the state unchanged and overwrites all of the definition."""
        name = definition["AlarmName"]
        if alarm := self.alarms.get(name):
            alarm.definition, alarm.judge, alarm.configured = definition, judge, now
            self._note(alarm, now, "ConfigurationUpdate", f'Alarm "{name}" updated', {"type": "Update"})
        else:
            alarm = Alarm(alarm_type, name, self.arn_prefix + name, definition, judge, configured=now, updated=now)
            self.alarms[name] = alarm
            self._note(alarm, now, "ConfigurationUpdate", f'Alarm "{name}" created', {"type": "Create"})
        return alarm

    def delete(self, names: Iterable[str], now: float) -> None:
        """Names that do not exist are passed over, as DeleteAlarms does."""
        for name in names:
            if alarm := self.alarms.pop(name, None):
                self._note(alarm, now, "ConfigurationUpdate", f'Alarm "{name}" deleted', {"type": "Delete"})

    def evaluate(self, now: float, clock: Clock, store: MetricStore) -> None:
        """Bring every alarm to the state that its judge finds."""
        evidence = Evidence(now, clock, store, self.alarms)
        composites = [alarm for alarm in self.alarms.values() if alarm.type == "CompositeAlarm"]
        for alarm in self.alarms.values():
            if alarm.type == "MetricAlarm":
                self._judge(alarm, evidence)
        # Composites may depend on composites: each round settles at least one more level, cycles end with the rounds.
        for _round in composites:
            for alarm in composites:
                self._judge(alarm, evidence)

    def _judge(self, alarm: Alarm, evidence: Evidence) -> None:
        judgement = alarm.judge.judge(evidence)
        if judgement and judgement.state != alarm.state:
            self.set_state(alarm, judgement, evidence.now)

    def set_state(self, alarm: Alarm, judgement: Judgement, now: float) -> None:
        old, alarm.judgement = alarm.judgement, judgement
        alarm.updated = now
        summary = f"Alarm updated from {old.state} to {judgement.state}"
        self._note(alarm, now, "StateUpdate", summary, {"oldState": _told(old), "newState": _told(judgement)})
        if old.state == judgement.state or not alarm.actions_enabled:
            return
        for action in alarm.actions[judgement.state]:
            send(action, f'{judgement.state}: "{alarm.name}"'[:100], alarm.notification(old, now))
            data = {"actionState": "Succeeded", "notificationResource": action, "stateUpdateTimestamp": timestamp(now)}
            self._note(alarm, now, "Action", f"Successfully executed action {action}", data)

    def _note(self, alarm: Alarm, now: float, item: ItemType, summary: str, data: Mapping[str, Any]) -> None:
        self.history.append(HistoryItem(alarm.name, alarm.type, now, item, summary, {"version": "1.0", **data}))


def _told(judgement: Judgement) -> dict[str, Any]:
    reported: dict[str, Any] = {"stateValue": judgement.state, "stateReason": judgement.reason}
    if judgement.data:
        reported["stateReasonData"] = json.loads(judgement.data)
    return reported
