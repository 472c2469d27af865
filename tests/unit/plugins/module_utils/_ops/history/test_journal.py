# SPDX-License-Identifier: GPL-3.0-or-later
"""A store that does not answer is given up, and each task says the same of it."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.record import Record
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import UnreachableError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.history import journal as house

CLAIM = {"run": "a", "doing": "deploy", "by": "kim", "fence": 1000}


def record() -> Record:
    return Record.of_claim("web", CLAIM)


def new(url: str) -> house.Journal:
    return house.Journal(Run(no_aws), url, "web", record, "a")


def test_a_store_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    hung = Event()

    def hang(*_asked: object) -> None:
        hung.wait(30)
        raise UnreachableError("It was given up.")

    monkeypatch.setattr(house, "open_store", hang)
    journal, began = new("s3://bucket"), time.monotonic()
    journal.change(lambda found: found.begin("shift", 1, 1.0))
    assert time.monotonic() - began < 1, "it goes on beside the work"
    assert journal.wait(0.2) == [
        "The history of this run has gaps. The store s3://bucket did not answer within 0.2 seconds."
    ]
    hung.set()


def test_a_change_that_comes_too_late_does_not_undo_the_next(tmp_path: Path) -> None:
    first, second = new(f"file://{tmp_path}"), new(f"file://{tmp_path}")
    first.change(lambda found: found.begin("build", None, 1.0))
    assert first.wait() == []
    second.change(lambda found: found.begin("shift", None, 2.0))
    assert second.wait() == []
    first.change(lambda found: found.begin("settle", None, 3.0))
    assert first.wait() == []
    kept = Record.read((tmp_path / "web/records/a.json").read_text(encoding="utf-8"))
    assert kept
    assert [each.title for each in kept.stages] == ["build", "shift", "settle"]


@pytest.mark.parametrize("patience", [0.0, 3.0])
def test_nothing_was_asked_so_nothing_is_wrong(patience: float) -> None:
    assert new("file:///nowhere").wait(patience) == []


def test_what_a_person_put_there_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "web/records/a.json"
    path.parent.mkdir(parents=True)
    path.write_text("no record", encoding="utf-8")
    journal = new(f"file://{tmp_path}")
    journal.change()
    assert journal.wait() == []
    found: Any = Record.read(path.read_text(encoding="utf-8"))
    assert found == record()
