# SPDX-License-Identifier: GPL-3.0-or-later
"""A store that does not answer is given up, and each task says the same of it."""

from __future__ import annotations

import json
import time
from dataclasses import fields
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.base.leased import (
    Claimant,
    Leased,
    LeaseOptions,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.lease.lease import TakeOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.refresh.roll import RefreshOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.release.rejection import RejectOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.release.traffic_return import ReturnOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.traffic.weights import RouteWeightsOptions
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
    assert time.monotonic() - began < 10, "it continues next to the work"
    assert journal.wait(0.2) == [
        "The history of this run has gaps. The store s3://bucket did not answer within 0.2 seconds."
    ]
    hung.set()


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_nobody_has_foreseen_is_a_gap_as_well(tmp_path: Path) -> None:
    journal = new(f"file://{tmp_path}")
    journal.change(lambda found: found.no_such_method())  # type: ignore[attr-defined]
    (problem,) = journal.wait()
    assert problem.startswith("The history of this run has gaps. There was an unexpected AttributeError")


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


def task(kind: type[Leased], url: str) -> Leased:
    lease = LeaseOptions(service="web", target_groups=[], claim=CLAIM, seconds=90, store=url, stage={"title": "a task"})
    needed = {"service": "web", "routes": [], "target_groups": {}, "weights": {}}
    names = {each.name for each in fields(kind)}
    return kind(lease=lease, **{key: value for key, value in needed.items() if key in names})


@pytest.mark.parametrize(
    ("kind", "beside"), [(ReturnOptions, False), (RejectOptions, False), (RouteWeightsOptions, True)]
)
def test_a_return_of_traffic_has_no_store_beside_it(
    kind: type[Leased], beside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, real = Semaphore(0), house.open_store
    monkeypatch.setattr(house, "open_store", lambda *given: opened.release() or real(*given))
    entry = house.Entry(task(kind, f"file://{tmp_path}"), Run(no_aws))
    assert opened.acquire(timeout=5 if beside else 0) is beside
    assert entry.end({"changed": True}) == {"changed": True}
    assert (opened.acquire(timeout=0), opened.acquire(timeout=0)) == (True, False), "once more, at the end"
    (stage,) = json.loads((tmp_path / "web/records/a.json").read_text(encoding="utf-8"))["stages"]
    assert (stage["title"], stage["changed"], bool(stage["ended"])) == ("a task", True, True)


def test_a_beginning_that_the_store_has_missed_is_written_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the stage before it would have its result."""
    asked, real = Semaphore(0), house.open_store

    def open_store(*given: Any) -> Any:
        if asked.acquire(blocking=False):
            return real(*given)
        asked.release()
        raise UnreachableError("The store does not answer.")

    monkeypatch.setattr(house, "open_store", open_store)
    entry = house.Entry(task(RouteWeightsOptions, f"file://{tmp_path}"), Run(no_aws))
    assert entry.end({"changed": True}) == {"changed": True}
    (stage,) = json.loads((tmp_path / "web/records/a.json").read_text(encoding="utf-8"))["stages"]
    assert (stage["title"], stage["changed"]) == ("a task", True)


@pytest.mark.parametrize(
    ("options", "title"),
    [
        (ReturnOptions(service="web", routes=[], target_groups={}), "return the traffic"),
        (RefreshOptions(group="web-blue-v001"), "return to the previous image in place"),
    ],
)
def test_the_record_of_a_return_that_took_the_lease_begins_with_it(
    options: Claimant, title: str, tmp_path: Path
) -> None:
    result = {"changed": True, "lease": taken(f"file://{tmp_path}")}
    assert house.Entry(options, Run(no_aws)).end(result) is result
    (stage,) = json.loads((tmp_path / "web/records/a.json").read_text(encoding="utf-8"))["stages"]
    assert (stage["title"], stage["changed"], bool(stage["ended"])) == (title, True, True)


def test_a_lease_that_is_taken_without_a_plan_begins_no_record(tmp_path: Path) -> None:
    result = {"changed": True, "lease": taken(f"file://{tmp_path}")}
    assert house.Entry(TakeOptions(service="web", target_groups={}, run="a"), Run(no_aws)).end(result) is result
    assert list(tmp_path.iterdir()) == []


def taken(store: str) -> dict[str, Any]:
    return {"service": "web", "target_groups": [], "claim": CLAIM, "seconds": 90, "store": store}


@pytest.mark.parametrize("verdict", ["fail", "inconclusive"])
def test_what_may_return_the_traffic_waits_for_no_store(verdict: str) -> None:
    entry = house.Entry(task(RouteWeightsOptions, "file:///nowhere"), Run(no_aws))
    result = {"verdict": verdict}
    assert entry.end(result) is result
