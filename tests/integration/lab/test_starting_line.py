# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that are held back until all of them are there."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from tests.lab.client import LabProcess
from tests.lab.settings import REGION


def answered(lab: LabProcess, key: str) -> float:
    """When the client's first call was."""
    elbv2 = boto3.client(
        "elbv2", endpoint_url=lab.endpoint, region_name=REGION, aws_access_key_id=key, aws_secret_access_key="lab"
    )
    elbv2.describe_load_balancers()
    at = time.monotonic()
    elbv2.close()
    return at


def test_clients_begin_so_far_apart(lab: LabProcess) -> None:
    lab.start(first=0, second=0.5)
    with ThreadPoolExecutor() as pool:
        second = pool.submit(answered, lab, "second")
        third = answered(lab, "third")
        assert not second.done(), "it waits for the first; a client that was not named waits for nobody"
        first = answered(lab, "first")
        assert third < first
        assert second.result() - first == pytest.approx(0.5, abs=0.4)
        assert answered(lab, "second") - second.result() < 0.4, "only the first call is held back"
