# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS does not permit ends in which action on which resource is needed, and where it is allowed."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.permissions import PLAYBOOKS, needed

from tests.playing import ROOT

LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/1/2"
USER = "User: arn:aws:sts::123456789012:assumed-role/release/job is not authorized to perform: "


@pytest.mark.parametrize(
    ("message", "playbook", "sentence"),
    [
        (
            f"{USER}elasticloadbalancing:ModifyListener on resource: {LISTENER} because no identity-based policy "
            "allows the elasticloadbalancing:ModifyListener action",
            "deploy",
            f" deploy.yml needs elasticloadbalancing:ModifyListener on {LISTENER}; docs/iam/deploy.json allows it.",
        ),
        (
            f"{USER}autoscaling:DescribePolicies because no identity-based policy allows the "
            "autoscaling:DescribePolicies action",
            "plan",
            " plan.yml needs autoscaling:DescribePolicies; docs/iam/plan.json allows it.",
        ),
        (  # Amazon S3 quotes the resource
            f'{USER}s3:GetObject on resource: "arn:aws:s3:::a/b" because no identity-based policy allows the action',
            "site",
            " This needs s3:GetObject on arn:aws:s3:::a/b; docs/iam/ has a policy for each playbook.",
        ),
        (  # what a variable needs is in a policy of its own
            f"{USER}sns:Publish on resource: arn:aws:sns:eu-west-1:1:web because no identity-based policy allows it",
            "deploy",
            " deploy.yml needs sns:Publish on arn:aws:sns:eu-west-1:1:web; docs/iam/with-notify.json allows it.",
        ),
        (
            f"{USER}s3:CreateBucket because no identity-based policy allows the s3:CreateBucket action",
            "store",
            " store.yml needs s3:CreateBucket; docs/iam/store.json allows it.",
        ),
        (
            f"{USER}iam:GetRole on resource: role release because no identity-based policy allows the action",
            "deploy",
            " deploy.yml needs iam:GetRole on role; docs/iam/with-return.json allows it.",
        ),
        ("The specified rule does not exist", "deploy", ""),
    ],
)
def test_an_action_and_its_resource(message: str, playbook: str, sentence: str) -> None:
    assert needed(message, playbook, "") == sentence


def test_a_role_is_passed_to_what_the_call_is_for() -> None:
    role = "arn:aws:iam::123456789012:role/bluegreen-return"
    message = f"{USER}iam:PassRole on resource: {role} because no identity-based policy allows the iam:PassRole action"
    said = f" deploy.yml needs iam:PassRole on {role}; docs/iam/"
    assert needed(message, "deploy", "CreateSchedule") == f"{said}with-return.json allows it."
    assert needed(message, "deploy", "CreateAutoScalingGroup") == f"{said}deploy.json allows it."


def test_a_launch_template_is_more_than_one_permission() -> None:
    sentence = needed("You are not authorized to use launch template: lt-1", "deploy", "")
    assert sentence.startswith(" deploy.yml needs what a launch from the template needs: ec2:RunInstances, ")
    assert "iam:PassRole" in sentence


def test_each_playbook_has_a_policy() -> None:
    found = {path.stem for path in (ROOT / "playbooks").glob("*.yml")} - {"services"}
    assert found == {*PLAYBOOKS}
    assert {path.stem for path in (ROOT / "docs/iam").glob("*.json")} >= found
