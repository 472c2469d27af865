# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that are held back until all of them are there."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import boto3

from switchyard_lab.client import LabProcess
from switchyard_lab.settings import REGION

OPERATIONS = {
    "first": "describe_load_balancers",
    "second": "describe_target_groups",
    "third": "describe_account_limits",
}


def ask(lab: LabProcess, key: str) -> None:
    elbv2 = boto3.client(
        "elbv2", endpoint_url=lab.endpoint, region_name=REGION, aws_access_key_id=key, aws_secret_access_key="lab"
    )
    getattr(elbv2, OPERATIONS[key])()
    elbv2.close()


def test_clients_begin_so_far_apart(lab: LabProcess) -> None:
    since = time.time()
    lab.start(first=0, second=0.5)
    with ThreadPoolExecutor() as pool:
        second = pool.submit(ask, lab, "second")
        ask(lab, "third")
        assert not second.done(), "it waits for the first; a client that was not named waits for nobody"
        ask(lab, "first")
        second.result()
    begun = {call["operation"]: call["time"] for call in lab.calls(since)}
    assert begun["DescribeAccountLimits"] < begun["DescribeLoadBalancers"]
    assert begun["DescribeTargetGroups"] - begun["DescribeLoadBalancers"] >= 0.5
