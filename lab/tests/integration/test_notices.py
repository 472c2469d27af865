# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS sends by itself arrives: about instances, lifecycle actions and alarms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually


class Mailbox:
    def __init__(self, scene: Scene) -> None:
        self._sqs, sns = scene.lab.client("sqs"), scene.lab.client("sns")
        name = scene.name("mail")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        wanted = {"QueueUrl": self._url, "AttributeNames": ["QueueArn"]}
        self.queue = str(self._sqs.get_queue_attributes(**wanted)["Attributes"]["QueueArn"])
        self.topic = str(sns.create_topic(Name=name)["TopicArn"])
        raw = {"RawMessageDelivery": "true"}
        sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=self.queue, Attributes=raw)

    def next(self) -> dict[str, Any]:
        found = eventually(lambda: self._sqs.receive_message(QueueUrl=self._url).get("Messages"), bool)
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=found[0]["ReceiptHandle"])
        return dict(json.loads(found[0]["Body"]))


@pytest.fixture
def mailbox(scene: Scene) -> Mailbox:
    return Mailbox(scene)


def test_topics_hear_of_instances(scene: Scene, mailbox: Mailbox) -> None:
    group = scene.group(0)
    events = [f"autoscaling:EC2_INSTANCE_{kind}" for kind in ("LAUNCH", "TERMINATE")]
    scene.autoscaling.put_notification_configuration(
        AutoScalingGroupName=group, TopicARN=mailbox.topic, NotificationTypes=events
    )
    for desired, event in zip((1, 0), events, strict=True):
        scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=desired)
        message = mailbox.next()
        assert (message["Event"], message["AutoScalingGroupName"]) == (event, group)
        assert message["EC2InstanceId"].startswith("i-")


def test_who_is_to_complete_an_action_gets_its_token(scene: Scene, mailbox: Mailbox) -> None:
    group, hook = scene.group(0), "install"
    scene.autoscaling.put_lifecycle_hook(
        AutoScalingGroupName=group,
        LifecycleHookName=hook,
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
        NotificationTargetARN=mailbox.queue,
        RoleARN="arn:aws:iam::123456789012:role/hooks",
    )
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    message = mailbox.next()
    scene.autoscaling.complete_lifecycle_action(
        AutoScalingGroupName=group,
        LifecycleHookName=hook,
        LifecycleActionToken=message["LifecycleActionToken"],
        LifecycleActionResult="CONTINUE",
    )
    eventually(lambda: scene.describe(group)["Instances"][0]["LifecycleState"], lambda state: state == "InService")


def test_topics_hear_of_alarms(scene: Scene, mailbox: Mailbox) -> None:
    cloudwatch, name = scene.lab.client("cloudwatch"), scene.name("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="lab",
        MetricName="none",
        Period=86400,
        Statistic="Sum",
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[mailbox.topic],
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="seen by a person")
    message = mailbox.next()
    assert (message["AlarmName"], message["NewStateValue"]) == (name, "ALARM")
