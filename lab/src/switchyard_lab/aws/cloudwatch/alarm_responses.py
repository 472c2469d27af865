# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on alarms. moto has no composite alarms and no history, and forgets parts of metric math alarms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from moto.cloudwatch.exceptions import InvalidFormat, ResourceNotFound, ValidationError
from moto.core.responses import ActionResult, EmptyResult

from ...iam.identities import identity_of
from ...iam.policy import Question, decide
from . import composite
from .alarm_book import Alarm, AlarmType, HistoryItem, Judge, Judgement
from .alarms import STATES
from .composite_alarms import CompositeAlarmJudge
from .metric_alarms import MetricAlarmJudge
from .request import LabRequest, refusal, seconds

ALARMS_PER_PAGE = 50
HISTORY_ITEMS_PER_PAGE = 100


class AlarmOperations(LabRequest):
    def put_metric_alarm(self) -> ActionResult:
        with refusal():
            judge = MetricAlarmJudge(self.params)
        return self._put("MetricAlarm", judge)

    def put_composite_alarm(self) -> ActionResult:
        with refusal():
            rule = composite.parse(self.params["AlarmRule"])
        book, name = self.lab.book, self.params["AlarmName"]
        if unknown := [child for child in rule.children if child not in book.alarms]:
            raise ValidationError(
                f"Could not save the composite alarm as alarms [{', '.join(unknown)}] in the alarm rule do not exist"
            )
        event = "updated" if name in book.alarms else "created"
        return self._put("CompositeAlarm", CompositeAlarmJudge(rule, book.arn_prefix + name, event))

    def _put(self, alarm_type: AlarmType, judge: Judge) -> ActionResult:
        existing = self.lab.book.alarms.get(self.params["AlarmName"])
        if existing and existing.type != alarm_type:
            raise ValidationError(f"An alarm of another type has the name {existing.name} already.")
        definition = {name: value for name, value in self.params.items() if name != "Tags"}
        alarm = self.lab.book.put(alarm_type, definition, judge, self.lab.clock.now())
        self.lab.tagger.tag_resource(alarm.alarm_arn, self.params.get("Tags", []))
        return EmptyResult()

    def describe_alarms(self) -> ActionResult:
        """Names that do not exist are left out without a word; composite alarms are shown only if asked for."""
        if self._get_param("AlarmNames") and self._get_param("AlarmNamePrefix"):
            raise ValidationError("Exactly one of AlarmNames and AlarmNamePrefix can be specified.")
        hidden = () if self._sees_composites() else ("CompositeAlarm",)
        every = (alarm for alarm in self.lab.book.alarms.values() if alarm.type not in hidden)
        found = sorted(filter(self._asked_for, every), key=_name)
        page, token = self.page(found, ALARMS_PER_PAGE)
        return ActionResult(
            {
                "MetricAlarms": [alarm.described() for alarm in page if alarm.type == "MetricAlarm"],
                "CompositeAlarms": [alarm.described() for alarm in page if alarm.type == "CompositeAlarm"],
                "NextToken": token,
            }
        )

    def _sees_composites(self) -> bool:
        """ "You can't return information about composite alarms if your cloudwatch:DescribeAlarms permission has a
        narrower scope" than * (DescribeAlarms in the API reference)."""
        caller = identity_of(self.get_access_key(), self.headers.get("X-Amz-Security-Token", ""))
        everything = Question("cloudwatch:DescribeAlarms", "*", {})
        return caller.policies is None or decide(caller.policies, everything) == "allowed"

    def _asked_for(self, alarm: Alarm) -> bool:
        """An empty list of names is none at all: it asks for every alarm."""
        parameters = self.params
        actions = (action for actions in alarm.actions.values() for action in actions)
        return (
            alarm.type in (parameters.get("AlarmTypes") or ["MetricAlarm"])
            and alarm.name in (parameters.get("AlarmNames") or [alarm.name])
            and alarm.name.startswith(parameters.get("AlarmNamePrefix", ""))
            and alarm.state == parameters.get("StateValue", alarm.state)
            and ("ActionPrefix" not in parameters or any(a.startswith(parameters["ActionPrefix"]) for a in actions))
        )

    def describe_alarms_for_metric(self) -> ActionResult:
        wanted = self.params | {"Dimensions": self.params.get("Dimensions", [])}
        found = [
            alarm
            for alarm in sorted(self.lab.book.alarms.values(), key=_name)
            if all(alarm.definition.get(name, []) == value for name, value in wanted.items())
        ]
        return ActionResult({"MetricAlarms": [alarm.described() for alarm in found]})

    def delete_alarms(self) -> ActionResult:
        book, names = self.lab.book, set(self.params["AlarmNames"])
        if sum(book.alarms[name].type == "CompositeAlarm" for name in names & book.alarms.keys()) > 1:
            raise ValidationError("Only one composite alarm can be deleted in one operation.")
        for parent in book.alarms.values():
            if parent.name not in names and (needed := names.intersection(parent.judge.children)):
                raise ValidationError(f"Cannot delete {needed.pop()} as there are composite alarm(s) depending on it.")
        book.delete(names, self.lab.clock.now())
        return EmptyResult()

    def set_alarm_state(self) -> ActionResult:
        alarm = self.lab.book.alarms.get(self.params["AlarmName"])
        if alarm is None:
            raise ResourceNotFound(f"Alarm {self.params['AlarmName']} does not exist")
        state, data = self.params["StateValue"], self.params.get("StateReasonData")
        if state not in STATES:
            raise ValidationError(f"Value '{state}' at 'stateValue' failed to satisfy constraint: one of {STATES}")
        try:
            json.loads(data or "{}")
        except ValueError as error:
            raise InvalidFormat("StateReasonData is not valid JSON") from error
        self.lab.book.set_state(alarm, Judgement(state, self.params["StateReason"], data), self.lab.clock.now())
        return EmptyResult()

    def enable_alarm_actions(self) -> ActionResult:
        return self._set_actions(enabled=True)

    def disable_alarm_actions(self) -> ActionResult:
        return self._set_actions(enabled=False)

    def _set_actions(self, *, enabled: bool) -> ActionResult:
        for name in self.params["AlarmNames"]:
            if alarm := self.lab.book.alarms.get(name):
                alarm.definition["ActionsEnabled"] = enabled
        return EmptyResult()

    def describe_alarm_history(self) -> ActionResult:
        ascending = self.params.get("ScanBy") == "TimestampAscending"
        found: Sequence[HistoryItem] = [item for item in self.lab.book.history if self._remembered(item)]
        page, token = self.page(found if ascending else found[::-1], HISTORY_ITEMS_PER_PAGE)
        return ActionResult({"AlarmHistoryItems": [item.described() for item in page], "NextToken": token})

    def _remembered(self, item: HistoryItem) -> bool:
        parameters: dict[str, Any] = self.params
        return (
            item.alarm == parameters.get("AlarmName", item.alarm)
            and item.alarm_type in parameters.get("AlarmTypes", ["MetricAlarm"])
            and item.type == parameters.get("HistoryItemType", item.type)
            and ("StartDate" not in parameters or item.at >= seconds(parameters["StartDate"]))
            and ("EndDate" not in parameters or item.at <= seconds(parameters["EndDate"]))
        )


def _name(alarm: Alarm) -> str:
    return alarm.name
