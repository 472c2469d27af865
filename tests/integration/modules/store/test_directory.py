# SPDX-License-Identifier: GPL-3.0-or-later
"""A store in a directory: whose it is, and what it keeps out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import (
    ABSENT,
    ANY,
    UnreachableError,
)

from switchyard_lab.client import LabProcess

from .opening import KEY, opened


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
