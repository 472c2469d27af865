# SPDX-License-Identifier: GPL-3.0-or-later
"""A bucket of S3 when it answers late, with errors, or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import (
    ABSENT,
    ANY,
    ConflictError,
    UnreachableError,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.store import Store

from switchyard_lab.client import LabProcess

from .opening import KEY, make_bucket, opened, stored


@pytest.fixture
def bucket(lab: LabProcess) -> Store:
    return opened(lab.endpoint, make_bucket(lab))


@pytest.mark.parametrize("operation", ["write", "overwrite", "remove"])
def test_an_answer_that_is_lost_is_no_conflict(lab: LabProcess, bucket: Store, operation: str) -> None:
    """botocore makes the call again, and that finds what the first one has done."""
    first = bucket.write(KEY, "first", ABSENT) if operation != "write" else ABSENT
    lab.fault(operation="DeleteObject" if operation == "remove" else "PutObject", lost=True)
    if operation == "remove":
        bucket.remove(KEY, str(first))
        assert bucket.read(KEY) is None
        return
    version = bucket.write(KEY, "second", first)
    found = bucket.read(KEY)
    assert found
    assert (found.text, found.version) == ("second", version)


@pytest.mark.parametrize("operation", ["PutObject", "DeleteObject"])
def test_a_conflict_that_s3_cannot_decide_is_tried_again(lab: LabProcess, bucket: Store, operation: str) -> None:
    first = bucket.write(KEY, "first", ABSENT)
    lab.fault(operation=operation, error="ConditionalRequestConflict", times=2)
    if operation == "PutObject":
        bucket.write(KEY, "second", first)
        assert stored(bucket) == "second"
    else:
        bucket.remove(KEY, first)
        assert bucket.read(KEY) is None


def test_and_is_a_conflict_when_somebody_else_has_written(lab: LabProcess, bucket: Store) -> None:
    first = bucket.write(KEY, "first", ABSENT)
    second = bucket.write(KEY, "second", first)
    began = time.time()
    lab.fault(operation="PutObject", error="ConditionalRequestConflict")
    with pytest.raises(ConflictError):
        bucket.write(KEY, "mine", first)
    assert [call["operation"] for call in lab.calls(began)] == ["PutObject", "GetObject"]
    lab.fault(operation="PutObject", error="ConditionalRequestConflict", times=5)
    with pytest.raises(ConflictError):
        bucket.write(KEY, "mine", second)
    assert stored(bucket) == "second"


def test_a_bucket_of_another_region_is_used(lab: LabProcess) -> None:
    store = opened(lab.endpoint, make_bucket(lab), "us-west-2")
    store.write(KEY, "far", ABSENT)
    assert stored(store) == "far"


def test_a_bucket_may_be_used_without_a_prefix(lab: LabProcess) -> None:
    url = make_bucket(lab, "")
    opened(lab.endpoint, url).write(KEY, "whole", ABSENT)
    assert opened(lab.endpoint, url).names("") == [KEY]


def test_a_bucket_that_is_not_there_or_denied_says_what_to_do(lab: LabProcess, bucket: Store) -> None:
    nowhere = opened(lab.endpoint, "s3://nowhere-at-all/x")
    for attempt in (lambda: nowhere.read(KEY), lambda: nowhere.write(KEY, "", ANY), lambda: nowhere.names("")):
        with pytest.raises(UnreachableError, match=r"s3://nowhere-at-all/x cannot be used.*NoSuchBucket.*store\.yml"):
            attempt()
    lab.fault(operation="GetObject", error="AccessDenied")
    with pytest.raises(UnreachableError, match=r"AccessDenied.*docs/store\.md"):
        bucket.read(KEY)


def test_what_is_broken_for_a_moment_is_tried_again(lab: LabProcess, bucket: Store) -> None:
    for error in ("SlowDown", "InternalError"):
        lab.fault(operation="PutObject", error=error)
        bucket.write(KEY, error, ANY)
    lab.fault(operation="PutObject", error="SlowDown", times=3)
    with pytest.raises(UnreachableError, match="SlowDown"):
        bucket.write(KEY, "x", ANY)
    lab.fault(operation="PutObject", times=0)


@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "DeleteObject", "ListObjectsV2"])
def test_a_page_of_a_proxy_is_no_answer(lab: LabProcess, bucket: Store, operation: str) -> None:
    version = bucket.write(KEY, "first", ABSENT)
    lab.fault(operation=operation, html=True, times=3)
    attempts: dict[str, Callable[[], object]] = {
        "GetObject": lambda: bucket.read(KEY),
        "PutObject": lambda: bucket.write(KEY, "second", version),
        "DeleteObject": lambda: bucket.remove(KEY, version),
        "ListObjectsV2": lambda: bucket.names(""),
    }
    with pytest.raises(UnreachableError):
        attempts[operation]()
    lab.fault(operation=operation, times=0)
    assert stored(bucket) == "first"


@pytest.mark.parametrize("fault", [{"reset": True}, {"lost": True}, {"error": "InternalError"}])
def test_a_connection_that_breaks_is_made_again(lab: LabProcess, bucket: Store, fault: dict[str, object]) -> None:
    version = bucket.write(KEY, "first", ABSENT)
    for operation in ("GetObject", "PutObject", "ListObjectsV2", "DeleteObject"):
        lab.fault(operation=operation, **fault)
    version = bucket.write(KEY, "second", version)
    assert stored(bucket) == "second"
    assert bucket.names("web/") == [KEY]
    bucket.remove(KEY, version)
    assert bucket.read(KEY) is None


def test_a_store_that_does_not_answer_is_given_up_soon() -> None:
    began = time.monotonic()
    with pytest.raises(UnreachableError, match="No answer from AWS"):
        opened("http://127.0.0.1:1", "s3://example-releases").read(KEY)
    assert time.monotonic() - began < 10


@pytest.mark.thorough
def test_so_is_one_that_takes_the_call_and_never_answers(lab: LabProcess, bucket: Store) -> None:
    lab.fault(operation="GetObject", silent=True, times=3)
    began = time.monotonic()
    with pytest.raises(UnreachableError, match="No answer from AWS"):
        bucket.read(KEY)
    assert time.monotonic() - began < 30
