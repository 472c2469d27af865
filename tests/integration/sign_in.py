# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners that sign their users in with Amazon Cognito."""

from __future__ import annotations

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
SIGN_IN = {
    "UserPoolArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_shop",
    "UserPoolClientId": "shop",
    "UserPoolDomain": "shop",
    "AuthenticationRequestExtraParams": {"IDPHint": "corp"},
}


def sign_users_in(lab: LabProcess, routes: list[str]) -> None:
    """Their listeners get TLS, for only then may they sign users in, and lose the target group without traffic."""
    scene = Scene(lab)
    for route in routes:
        (found,) = scene.elbv2.describe_listeners(ListenerArns=[route])["Listeners"]
        groups = found["DefaultActions"][-1]["ForwardConfig"]["TargetGroups"]
        forward = {"TargetGroups": [each for each in groups if each["Weight"]]}
        actions = [
            {"Type": "authenticate-cognito", "Order": 1, "AuthenticateCognitoConfig": SIGN_IN},
            {"Type": "forward", "Order": 2, "ForwardConfig": forward},
        ]
        secure = scene.secure(found["LoadBalancerArn"])
        scene.elbv2.modify_listener(ListenerArn=route, DefaultActions=actions, SslPolicy=TLS_POLICY, **secure)
