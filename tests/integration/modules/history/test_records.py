# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run in a store, written by its tasks as they happen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from tests.integration.conftest import Ask


def record(lab: LabProcess, store: str, service: str, run: str) -> Any:
    key = f"{service}/records/{run}.json"
    if store.startswith("file"):
        return json.loads(Path(store.removeprefix("file://"), key).read_text(encoding="utf-8"))
    bucket, _slash, prefix = store.removeprefix("s3://").partition("/")
    return json.loads(lab.client("s3").get_object(Bucket=bucket, Key=f"{prefix}/{key}")["Body"].read())


def take(ask: Ask, definition: dict[str, Any], store: str, run: str = "a") -> dict[str, Any]:
    service = {key: definition[key] for key in ("service", "target_groups")}
    lease: dict[str, Any] = ask("lease", **service, run=run, doing="repair", by="kim", store=store)["lease"]
    return lease


def shift(ask: Ask, definition: dict[str, Any], lease: dict[str, Any], weight: int) -> dict[str, Any]:
    placed = {key: definition[key] for key in ("routes", "target_groups")}
    weights = {"blue": 100 - weight, "green": weight}
    return ask("route_weights", **placed, weights=weights, lease={**lease, "stage": {"title": f"give it {weight} %"}})


def test_a_run_is_written_down_as_it_happens(ask: Ask, definition: dict[str, Any], store: str, lab: LabProcess) -> None:
    lease, service = take(ask, definition, store), definition["service"]
    shift(ask, definition, lease, 10)
    shift(ask, definition, lease, 50)
    known = record(lab, store, service, "a")
    assert [(each["title"], each["changed"], bool(each["ended"])) for each in known["stages"]] == [
        ("give it 10 %", True, True),
        ("give it 50 %", True, True),
    ]
    assert sorted(known["stages"][0]["weights"].values()) == [10, 90]
    assert (known["by"], known["doing"], known["end_state"]) == ("kim", "repair", None)

    ended = {"end_state": "halted", "definition": definition, "message": "It is over."}
    ask("outcome", service=service, ended=ended, lease=lease)
    known = record(lab, store, service, "a")
    assert (known["end_state"], known["message"], len(known["stages"])) == ("halted", "It is over.", 2)


def test_a_stage_in_which_a_run_died_has_no_end(
    ask: Ask, definition: dict[str, Any], store: str, lab: LabProcess
) -> None:
    lease = take(ask, definition, store)
    shift(ask, definition, lease, 10)
    assert shift(ask, {**definition, "routes": [f"{definition['routes'][0]}0"]}, lease, 50)["failed"]
    *_others, last = record(lab, store, definition["service"], "a")["stages"]
    assert last["title"] in {"give it 10 %", "give it 50 %"}, "who failed waits for no store"
    assert bool(last["ended"]) == (last["title"] == "give it 10 %")


def test_a_refused_run_is_one_small_record(ask: Ask, definition: dict[str, Any], store: str, lab: LabProcess) -> None:
    asked = {"store": store, "run": "r", "doing": "deploy", "began": 1_767_669_002.0, "image_id": "ami-1", "why": ""}
    refused = ask("outcome", service=definition["service"], refused="It is frozen.", asked=asked, by="kim")
    assert refused["end_state"] == "refused"
    known = record(lab, store, definition["service"], "r")
    assert (known["end_state"], known["message"], known["by"]) == ("refused", "It is frozen.", "kim")
    assert known["to"]["image_id"] == "ami-1"
    ask("outcome", service=definition["service"], refused="It is frozen.", asked={**asked, "run": "s"}, check=True)
    with pytest.raises((OSError, lab.client("s3").exceptions.NoSuchKey)):
        record(lab, store, definition["service"], "s")
