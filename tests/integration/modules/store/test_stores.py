# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores of either kind: what is written is compared first, whoever else writes at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import (
    ABSENT,
    ANY,
    ConflictError,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.store import Store

from switchyard_lab.client import LabProcess
from tests.forks import FORKS

from .opening import KEY, make_bucket, opened, stored


@pytest.fixture(params=["s3", "file"])
def url(request: pytest.FixtureRequest, lab: LabProcess, tmp_path: Path) -> str:
    return make_bucket(lab) if request.param == "s3" else f"file://{tmp_path}"


@pytest.fixture
def store(lab: LabProcess, url: str) -> Store:
    return opened(lab.endpoint, url)


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
