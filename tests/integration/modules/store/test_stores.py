# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores of either kind: what is written is compared first, whoever else writes at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.session import Clients
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import (
    ABSENT,
    ANY,
    ConflictError,
    UnreachableError,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.kinds import open_store
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.store import Store

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from switchyard_lab.settings import REGION
from tests.forks import FORKS

KEY = "web/lease.json"


def opened(endpoint: str, url: str, region: str = REGION) -> Store:
    """With a client of its own."""
    keys = {"access_key": "lab", "secret_key": "lab"}
    return open_store(Run(Clients({**keys, "region": region, "endpoint_url": endpoint})), url)


def make_bucket(lab: LabProcess, prefix: str = "/releases") -> str:
    name = Scene.name("store")
    lab.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return f"s3://{name}{prefix}"


@pytest.fixture(params=["s3", "file"])
def url(request: pytest.FixtureRequest, lab: LabProcess, tmp_path: Path) -> str:
    return make_bucket(lab) if request.param == "s3" else f"file://{tmp_path}"


@pytest.fixture
def store(lab: LabProcess, url: str) -> Store:
    return opened(lab.endpoint, url)


@pytest.fixture
def bucket(lab: LabProcess) -> Store:
    return opened(lab.endpoint, make_bucket(lab))


def stored(store: Store, key: str = KEY) -> str | None:
    found = store.read(key)
    return found.text if found else None


def test_what_is_written_is_read(store: Store) -> None:
    assert store.read(KEY) is None
    version = store.write(KEY, "größer", ABSENT)
    found = store.read(KEY)
    assert found
    assert (found.text, found.version) == ("größer", version)
    store.write(KEY, "", version)
    assert stored(store) == ""


def test_a_write_that_expects_something_else_changes_nothing(store: Store) -> None:
    first = store.write(KEY, "first", ABSENT)
    with pytest.raises(ConflictError, match="was changed by somebody else"):
        store.write(KEY, "mine", ABSENT)
    second = store.write(KEY, "second", first)
    assert second != first
    for expected in (first, "no such version"):
        with pytest.raises(ConflictError):
            store.write(KEY, "mine", expected)
    with pytest.raises(ConflictError):
        store.write("web/other.json", "mine", first)
    assert (stored(store), stored(store, "web/other.json")) == ("second", None)
    store.write(KEY, "third", ANY)
    assert stored(store) == "third"


def test_it_is_removed_as_it_was_expected(store: Store) -> None:
    first = store.write(KEY, "first", ABSENT)
    second = store.write(KEY, "second", first)
    with pytest.raises(ConflictError):
        store.remove(KEY, first)
    store.remove(KEY, second)
    assert store.read(KEY) is None
    store.remove(KEY, second)
    store.write(KEY, "again", ABSENT)
    store.remove(KEY, ANY)
    store.remove(KEY, ANY)
    assert store.read(KEY) is None


def test_keys_are_listed_by_how_they_begin(store: Store) -> None:
    keys = ["api/lease.json", "web/lease.json", "web/records/1.json", "web/records/2.json", "web%2Fa/lease.json"]
    for key in reversed(keys):
        store.write(key, key, ABSENT)
    assert store.names("") == sorted(keys)
    assert store.names("web/records/") == keys[2:4]
    assert store.names("web/rec") == keys[2:4]
    assert store.names("nobody/") == []
    assert [stored(store, key) for key in keys] == keys


@pytest.mark.parametrize("key", ["", "web/", "/web", "../web", "web/../../x", "web/.lock", "a b", "web\n"])
def test_a_key_that_is_none_is_refused(store: Store, key: str) -> None:
    for attempt in (lambda: store.read(key), lambda: store.write(key, "x", ANY), lambda: store.remove(key, ANY)):
        with pytest.raises(Exception, match="is no key of a store"):
            attempt()


def claim(arguments: tuple[str, str, int]) -> str | None:
    """A writer of its own."""
    endpoint, url, number = arguments
    try:
        return opened(endpoint, url).write(KEY, f"writer {number}", ABSENT)
    except ConflictError:
        return None


@pytest.mark.parametrize(
    "writers",
    [
        partial(ThreadPoolExecutor),
        pytest.param(partial(ProcessPoolExecutor, mp_context=FORKS), marks=pytest.mark.thorough),
    ],
    ids=["threads", "processes"],
)
def test_of_twenty_writers_at_once_one_succeeds(
    lab: LabProcess, url: str, store: Store, writers: Callable[..., Executor]
) -> None:
    with writers(max_workers=20) as pool:
        versions = list(pool.map(claim, [(lab.endpoint, url, number) for number in range(20)]))
    (winner,) = [number for number, version in enumerate(versions) if version]
    found = store.read(KEY)
    assert found
    assert (found.text, found.version) == (f"writer {winner}", versions[winner])


def test_no_update_is_lost(lab: LabProcess, url: str, store: Store) -> None:
    """Of writers who read, add one and write, until nobody was in between."""
    store.write(KEY, "0", ABSENT)

    def add(times: int) -> None:
        mine = opened(lab.endpoint, url)
        while times:
            found = mine.read(KEY)
            assert found
            try:
                mine.write(KEY, str(int(found.text) + 1), found.version)
            except ConflictError:
                continue
            times -= 1

    with ThreadPoolExecutor(max_workers=5) as pool:
        list(pool.map(add, [8] * 5))
    assert stored(store) == "40"


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


def test_a_directory_is_for_its_owner_alone(tmp_path: Path, lab: LabProcess) -> None:
    opened(lab.endpoint, f"file://{tmp_path}").write("web/records/1.json", "x", ABSENT)
    made = [path for path in tmp_path.rglob("*") if path.name != ".lock"]
    modes = {path.relative_to(tmp_path).as_posix(): oct(path.stat().st_mode & 0o777) for path in made}
    assert modes == {"web": "0o700", "web/records": "0o700", "web/records/1.json": "0o600"}


def test_nothing_leads_out_of_a_directory(tmp_path: Path, lab: LabProcess) -> None:
    outside, root = tmp_path / "outside", tmp_path / "store"
    outside.mkdir()
    (root / "api").mkdir(parents=True)
    (outside / "lease.json").write_text("theirs")
    (root / "web").symlink_to(outside)
    (root / "api/lease.json").symlink_to(outside / "lease.json")
    store = opened(lab.endpoint, f"file://{root}")
    for key in ("web/lease.json", "api/lease.json"):
        for attempt in (
            store.read,
            partial(store.write, text="mine", expected=ANY),
            partial(store.remove, expected=ANY),
        ):
            with pytest.raises(UnreachableError, match="symbolic link"):
                attempt(key)
    assert [path.read_text() for path in outside.iterdir()] == ["theirs"]


def test_a_directory_that_is_not_there_or_not_ours_says_what_to_do(tmp_path: Path, lab: LabProcess) -> None:
    nowhere = opened(lab.endpoint, f"file://{tmp_path}/nowhere")
    for attempt in (lambda: nowhere.read(KEY), lambda: nowhere.write(KEY, "", ANY), lambda: nowhere.names("")):
        with pytest.raises(UnreachableError, match=r"there is no directory .*nowhere.*store\.yml"):
            attempt()
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreachableError, match="must belong to the user"):
        opened(lab.endpoint, f"file://{tmp_path}/file").write(KEY, "", ANY)
