# SPDX-License-Identifier: GPL-3.0-or-later
"""What dead and slow writers leave behind in a directory."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.address import Address
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import (
    ABSENT,
    ANY,
    ConflictError,
    UnreachableError,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store import directory
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.directory import LOCK, DirectoryStore

from tests.unit.clock import FakeClock

KEY = "web/lease.json"


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(Run(no_aws, clock=FakeClock()), Address("file", str(tmp_path)))


def test_who_waits_too_long_for_another_writer_gives_up(store: DirectoryStore, tmp_path: Path) -> None:
    version = store.write(KEY, "theirs", ABSENT)
    with (tmp_path / LOCK).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(UnreachableError, match=r"another process has held .*\.lock for 5 seconds"):
            store.write(KEY, "mine", version)
        found = store.read(KEY)
        assert found
        assert found.text == "theirs"
    store.write(KEY, "mine", version)


@pytest.mark.parametrize("dies_before", ["link", "unlink", "replace"])
def test_who_dies_in_a_write_leaves_one_whole_text(
    store: DirectoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_before: str
) -> None:
    """Also when the new file and the one in its place are still one."""

    class DeathError(Exception):
        pass

    def die(*_arguments: object, **_options: object) -> None:
        raise DeathError

    expected = store.write(KEY, "old", ABSENT) if dies_before == "replace" else ABSENT
    with monkeypatch.context() as patched:
        if dies_before == "link":
            patched.setattr(directory.os, "link", die)
        elif dies_before == "replace":
            patched.setattr(Path, "replace", die)
        else:
            real = Path.unlink
            patched.setattr(Path, "unlink", lambda path, missing_ok=False: real(path, True) if missing_ok else die())
        with pytest.raises(DeathError):
            store.write(KEY, "new", expected)
    left = {"link": None, "unlink": "new", "replace": "old"}[dies_before]
    found = store.read(KEY)
    assert (found.text if found else None) == left
    assert store.names("") == ([KEY] if left else [])
    before = (tmp_path / KEY).open() if left else None
    store.write(KEY, "next", ANY)
    if before:
        assert before.read() == left
        before.close()
    found = store.read(KEY)
    assert found
    assert found.text == "next"
    assert sorted(path.name for path in (tmp_path / "web").iterdir()) == ["lease.json"]


def test_a_file_that_somebody_makes_without_the_lock_is_not_overwritten(
    store: DirectoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def link(source: Path, target: Path) -> None:
        target.write_text("theirs")
        real(source, target)

    monkeypatch.setattr(directory.os, "link", link)
    with pytest.raises(ConflictError):
        store.write(KEY, "mine", ABSENT)
    assert (tmp_path / KEY).read_text() == "theirs"
