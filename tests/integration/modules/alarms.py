# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms in a state that lasts: they watch a metric that nobody publishes, and say what that means."""

from __future__ import annotations

from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually

WITHOUT_DATA = {"OK": "notBreaching", "ALARM": "breaching", "INSUFFICIENT_DATA": "missing"}


def alarm_in(lab: LabProcess, state: str, target_group: str | None = None) -> str:
    """With a target group's ARN, the alarm is only about that."""
    about = [{"Name": "TargetGroup", "Value": target_group.rpartition(":")[2]}] if target_group else []
    name = Scene.name("alarm")
    lab.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="Nobody",
        MetricName="Nothing",
        Dimensions=about,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=5,
        TreatMissingData=WITHOUT_DATA[state],
    )
    return _settled(lab, name, state)


def composite_of(lab: LabProcess, alarm: str) -> str:
    """Rings when the other alarm rings."""
    name = Scene.name("composite")
    lab.client("cloudwatch").put_composite_alarm(AlarmName=name, AlarmRule=f'ALARM("{alarm}")')
    return _settled(lab, name, state(lab, alarm))


def state(lab: LabProcess, name: str) -> str:
    return str(_described(lab, name)["StateValue"])


def _settled(lab: LabProcess, name: str, wanted: str) -> str:
    eventually(lambda: _described(lab, name), lambda alarm: alarm["StateValue"] == wanted)
    return name


def _described(lab: LabProcess, name: str) -> dict[str, Any]:
    found = lab.client("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    (alarm,) = found["MetricAlarms"] + found["CompositeAlarms"]
    return dict(alarm)
