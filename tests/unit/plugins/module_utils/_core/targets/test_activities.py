# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.activities import (
    Activity,
    advice,
    failed_launches,
)

BEGAN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OUT = "At 2026-11-23T12:00:00Z an instance was taken out of service in response to"


def activity(description: str, status: str = "Successful", cause: str = "", second: int = 0) -> Activity:
    started = BEGAN + timedelta(seconds=second)
    return Activity(f"{description} {second}", description, cause, status, None, started)


def launch(status: str, second: int, instance: str = "") -> Activity:
    return activity(f"Launching a new EC2 instance: {instance}", status, second=second)


@pytest.mark.parametrize(
    ("description", "status", "cause", "loses"),
    [
        ("Terminating EC2 instance: i-0a1", "InProgress", f"{OUT} an ELB system health check failure.", True),
        ("Terminating EC2 instance: i-0a1", "Successful", f"{OUT} EC2 instance status checks failure.", True),
        ("Terminating EC2 instance: i-0a1", "Successful", f"{OUT} a user health-check.", True),
        (
            "Terminating EC2 instance: i-0a1",
            "WaitingForELBConnectionDraining",
            f"{OUT} an EC2 health check indicating it has been terminated or stopped.",
            True,
        ),
        ("Terminating EC2 instance: i-0a1", "Successful", f"{OUT} a user request.", False),
        (
            "Terminating EC2 instance: i-0a1",
            "Successful",
            f"{OUT} a difference between desired and actual capacity, shrinking the capacity from 3 to 2.",
            False,
        ),
        ("Launching a new EC2 instance: i-0a1", "Cancelled", "", True),
        ("Launching a new EC2 instance: i-0a1", "Successful", "", False),
        # What befalls the warm pool says nothing of the group:
        ("Launching a new EC2 instance into warm pool: i-0a1", "Cancelled", "", False),
        ("Launching a new EC2 instance from warm pool: i-0a1", "Cancelled", "", True),
        # Launched to replace one that failed, which its cause tells:
        ("Launching a new EC2 instance: i-0a1", "Successful", f"{OUT} an ELB system health check failure.", False),
    ],
)
def test_instances_that_did_not_prove_themselves(description: str, status: str, cause: str, loses: bool) -> None:
    found = activity(description, status, cause)
    assert (found.loses, found.instance) == (loses, "i-0a1")


@pytest.mark.parametrize(
    ("launches", "second"),
    [
        pytest.param([launch("Failed", 0)], 0, id="one that failed"),
        pytest.param(
            [activity("Launching a new EC2 instance into warm pool", "Failed")], None, id="into the warm pool"
        ),
        pytest.param([launch("Failed", 30), launch("Failed", 0)], 30, id="the newest"),
        pytest.param([launch("Failed", 0), launch("Successful", 0, "i-1")], 0, id="others of the same attempt passed"),
        pytest.param([launch("Successful", 0, "i-1"), launch("Failed", 9)], 9, id="then one failed"),
        pytest.param([launch("Failed", 0), launch("InProgress", 30, "i-1")], None, id="a later one does better"),
        pytest.param([launch("Successful", 0, "i-1")], None, id="none failed"),
        pytest.param([activity("Terminating EC2 instance: i-1", "Failed")], None, id="not a launch"),
        pytest.param([], None, id="nothing yet"),
    ],
)
def test_a_launch_that_failed_counts_until_a_later_one_does_better(
    launches: list[Activity], second: int | None
) -> None:
    found = failed_launches(launches)
    assert ((found[0].started - BEGAN).seconds if found else None) == second


def test_all_that_failed_since_one_did_better_are_told() -> None:
    launches = [launch("Failed", 90), launch("Failed", 60), launch("Successful", 30, "i-1"), launch("Failed", 0)]
    assert failed_launches(launches) == launches[:2]


@pytest.mark.parametrize(
    ("message", "passes"),
    [
        ("We currently do not have sufficient t3.small capacity in the Availability Zone you requested", True),
        ("Could not launch Spot Instances. There is no Spot capacity available that matches your request", True),
        ("Your requested instance type (m7.large) is not supported in your requested Availability Zone (a)", True),
        ("There are not enough free addresses in subnet 'subnet-1' to satisfy the requested number of instances", True),
        ("Request limit exceeded", True),
        ("Server.InternalError: Internal error on launch", True),
        ("Client.InternalError: Client error on launch", False),
        ("You have requested more vCPU capacity than your current vCPU limit of 32 allows", False),
        ("You are not authorized to perform this operation", False),
        ("The security group 'sg-1' does not exist", False),
        ("Something that nobody has heard of", False),
    ],
)
def test_what_may_pass_when_aws_tries_again(message: str, passes: bool) -> None:
    failed = Activity("1", "Launching a new EC2 instance", "", "Failed", f"{message}.", BEGAN)
    assert failed.may_pass == passes


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket "
            "that the specified instance type belongs to",
            "Raise that quota",
        ),
        ("Max spot instance count exceeded", "Raise that quota"),
        ("We currently do not have sufficient t3.small capacity in the Availability Zone you requested", "Try again"),
        ("The image id '[ami-1]' does not exist", "Correct what the group launches from"),
    ],
)
def test_what_to_do_about_it(message: str, said: str) -> None:
    assert advice(message).startswith(said)


@pytest.mark.parametrize(
    ("details", "zone"),
    [
        ('{"Subnet ID": "subnet-1", "Availability Zone": "eu-west-1a"}', "eu-west-1a"),
        ("{}", ""),
        ("[]", ""),
        ("not JSON", ""),
        ("", ""),
    ],
)
def test_the_zone_of_a_launch_is_in_its_details(details: str, zone: str) -> None:
    item = {"ActivityId": "1", "Cause": "", "StatusCode": "Failed", "StartTime": BEGAN, "Details": details}
    assert Activity.read(item).zone == zone
