# SPDX-License-Identifier: GPL-3.0-or-later
"""store.yml makes what bluegreen_store names, and nothing twice."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from switchyard_lab.client import LabProcess
from switchyard_lab.settings import REGION
from tests.integration.policies import limited
from tests.playing import ROOT, playbook
from tests.plays import forked
from tests.sample import Sample

PYTHON = "ansible_python_interpreter"
BLOCKED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def encryption_of(lab: LabProcess, bucket: str) -> tuple[dict[str, Any], bool]:
    """How objects are encrypted by default, and whether with a key of the bucket."""
    found = lab.client("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    (rule,) = found["Rules"]
    return dict(rule["ApplyServerSideEncryptionByDefault"]), rule["BucketKeyEnabled"]


def test_a_bucket_is_made_once(lab: LabProcess) -> None:
    s3, began = lab.client("s3"), time.time()
    store = {"bluegreen_store": "s3://example-releases/bluegreen"}
    looked = Sample(lab).open("store", "--check", **store)
    assert (looked.returncode, looked.changed) == (0, 1), looked.messages
    assert looked.outcomes["demo"]["end_state"] == "checked"
    assert lab.calls(began, kind="write") == []

    made = Sample(lab, env=limited(lab, "store")).open("store", **store)
    assert (made.returncode, made.changed) == (0, 2), made.messages
    assert made.outcomes["demo"]["end_state"] == "succeeded"
    name = {"Bucket": "example-releases"}
    assert s3.get_bucket_versioning(**name)["Status"] == "Enabled"
    assert s3.get_public_access_block(**name)["PublicAccessBlockConfiguration"] == dict.fromkeys(BLOCKED, True)
    assert encryption_of(lab, "example-releases")[0] == {"SSEAlgorithm": "AES256"}
    controls = s3.get_bucket_ownership_controls(**name)["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (statement,) = json.loads(s3.get_bucket_policy(**name)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    (rule,) = s3.get_bucket_lifecycle_configuration(**name)["Rules"]
    assert rule["Filter"] == {"Prefix": "bluegreen/"}
    assert (rule["Expiration"], rule["NoncurrentVersionExpiration"]) == ({"Days": 400}, {"NoncurrentDays": 30})

    began = time.time()
    again = Sample(lab).open("store", **store)
    assert (again.returncode, again.changed) == (0, 0), again.messages
    assert again.outcomes["demo"]["end_state"] == "unchanged"
    assert lab.calls(began, kind="write") == []


def test_a_bucket_encrypts_with_a_key_of_the_owner(lab: LabProcess) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/12345678-90ab-cdef-1234-567890abcdef"
    store = {"bluegreen_store": "s3://example-encrypted", "store_kms_key_id": key}
    made = Sample(lab).open("store", **store)
    assert (made.returncode, made.changed) == (0, 2), made.messages
    expected = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert encryption_of(lab, "example-encrypted") == (expected, True), "a key of the bucket: fewer calls of KMS"
    again = Sample(lab).open("store", **store)
    assert (again.returncode, again.changed) == (0, 0), again.messages


@pytest.mark.thorough
def test_what_others_have_set_stays(lab: LabProcess) -> None:
    """Where the bucket is somebody's already: its policy, its lifecycle rules, its encryption."""
    s3, name = lab.client("s3"), {"Bucket": "shared-with-others"}
    s3.create_bucket(**name, CreateBucketConfiguration={"LocationConstraint": REGION})
    theirs = {"Sid": "Audit", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}
    theirs |= {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::shared-with-others/*"}
    s3.put_bucket_policy(**name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))
    rule: dict[str, Any] = {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 7}}
    s3.put_bucket_lifecycle_configuration(**name, LifecycleConfiguration={"Rules": [rule]})
    encryption = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/theirs"}}
    s3.put_bucket_encryption(**name, ServerSideEncryptionConfiguration={"Rules": [encryption]})

    for days, changed in ((400, 2), (30, 1), (30, 0)):
        played = Sample(lab).open("store", bluegreen_store="s3://shared-with-others", store_keep_days=days)
        assert (played.returncode, played.changed) == (0, changed), played.messages
    statements = json.loads(s3.get_bucket_policy(**name)["Policy"])["Statement"]
    assert [each["Sid"] for each in statements] == ["Audit", "BluegreenRequiresTls"]
    rules = s3.get_bucket_lifecycle_configuration(**name)["Rules"]
    assert rules[0] == rule
    assert [each["Expiration"]["Days"] for each in rules] == [7, 30]
    assert encryption_of(lab, "shared-with-others")[0]["SSEAlgorithm"] == "aws:kms"


@pytest.mark.thorough
def test_services_may_share_a_bucket(lab: LabProcess, tmp_path: Path) -> None:
    """Side by side, and each with a prefix of its own."""
    hosts = {f"web-{number}": {"bluegreen_store": f"s3://shared-by-services/{number % 2}"} for number in range(5)}
    inventory = tmp_path / "services.yml"
    inventory.write_text(
        yaml.safe_dump({"bluegreen": {"hosts": hosts, "vars": {PYTHON: "{{ ansible_playbook_python }}"}}})
    )
    played = playbook(ROOT / "playbooks/store.yml", lab.env, "-i", str(inventory), "-f", "5", run=forked)
    assert (played.returncode, played.changed) == (0, 3), played.messages
    rules = lab.client("s3").get_bucket_lifecycle_configuration(Bucket="shared-by-services")["Rules"]
    assert sorted(each["Filter"]["Prefix"] for each in rules) == ["0/", "1/"]


def test_a_directory_is_made_for_its_owner(lab: LabProcess, tmp_path: Path) -> None:
    store = {"bluegreen_store": f"file://{tmp_path}/a/store"}
    assert Sample(lab).open("store", "--check", **store).changed == 1
    assert not (tmp_path / "a").exists()
    assert Sample(lab).open("store", **store).changed == 1
    assert oct((tmp_path / "a/store").stat().st_mode & 0o777) == "0o700"
    assert Sample(lab).open("store", **store).changed == 0


def test_without_a_store_it_says_so(lab: LabProcess) -> None:
    refused = Sample(lab).open("store")
    assert refused.returncode != 0
    assert "bluegreen_store is not set, and store.yml needs it" in refused.messages
