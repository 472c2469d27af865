# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import boto3
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.launch.ec2 import describe_instance_types
from botocore.stub import Stubber


def test_no_more_instance_types_are_asked_for_at_once_than_aws_takes() -> None:
    names = [f"m{number}.large" for number in range(101)]
    client = boto3.client("ec2", region_name="eu-west-1", aws_access_key_id="any", aws_secret_access_key="any")
    with Stubber(client) as stub:
        for batch in (names[:100], names[100:]):
            answer = {"InstanceTypes": [{"InstanceType": name} for name in batch]}
            stub.add_response("describe_instance_types", answer, {"InstanceTypes": batch})
        assert [each["InstanceType"] for each in describe_instance_types(client, names)] == names
        stub.assert_no_pending_responses()
