# SPDX-License-Identifier: GPL-3.0-or-later
"""A listener that signs its users in first."""

from __future__ import annotations

from typing import Any

import pytest

from lab.tests.sign_in import SIGN_IN
from tests.sample import Sample


@pytest.mark.thorough  # that a change of weights leaves it alone, the modules' tests show in every run
def test_it_comes_through_a_deploy_unharmed(sample: Sample, good: dict[str, Any]) -> None:
    """AWS never returns the secret, so that sending back what was read would lose it."""
    elbv2 = sample.lab.client("elbv2")
    (plain,) = elbv2.describe_listeners(ListenerArns=sample.definition["bluegreen_routes"])["Listeners"]
    (forward,) = plain["DefaultActions"]
    pair = sample.lab.authority.issue(["web.example.com"])
    imported = sample.lab.client("acm").import_certificate(Certificate=pair.certificate, PrivateKey=pair.key)
    certificate = {"CertificateArn": imported["CertificateArn"]}
    (listener,) = elbv2.create_listener(
        LoadBalancerArn=plain["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=8443,
        Certificates=[certificate],
        DefaultActions=[SIGN_IN, {"Type": "forward", "Order": 2, "ForwardConfig": forward["ForwardConfig"]}],
    )["Listeners"]
    routes = [plain["ListenerArn"], listener["ListenerArn"]]
    played = sample.open("deploy", **good, bluegreen_routes=routes)
    assert played.returncode == 0, played.messages
    (after,) = elbv2.describe_listeners(ListenerArns=[listener["ListenerArn"]])["Listeners"]
    assert after["DefaultActions"][0] == listener["DefaultActions"][0]
    assert weights(after) == {"demo-blue": 0, "demo-green": 100}
    assert {key: value for key, value in after.items() if key != "DefaultActions"} == {
        key: value for key, value in listener.items() if key != "DefaultActions"
    }


def weights(listener: dict[str, Any]) -> dict[str, int]:
    groups = listener["DefaultActions"][-1]["ForwardConfig"]["TargetGroups"]
    return {group["TargetGroupArn"].split("/")[1]: group["Weight"] for group in groups}
