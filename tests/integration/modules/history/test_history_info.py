# SPDX-License-Identifier: GPL-3.0-or-later
"""The history of a service, by a store and by tags."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.service import history as house

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask
from tests.rolled_back import rolled_back

from ..conftest import Made
from ..demo import Demo

Service = dict[str, Any]
RUN = "20260101T000000Z-aaaa"


def do(ask: Ask, definition: Service, run: str, state: str = "", **more: Any) -> None:
    """A run that ends so; without an end it stays at work."""
    service = {key: definition[key] for key in ("service", "target_groups")}
    lease = ask("lease", **service, run=run, doing="repair", by="kim", **more)["lease"]
    placed = {key: definition[key] for key in ("routes", "target_groups")}
    ask("route_weights", **placed, weights={"blue": 100, "green": 0}, lease={**lease, "stage": {"title": "look"}})
    if state:
        ended = {"end_state": state, "definition": definition, "message": "It is over."}
        ask("outcome", service=definition["service"], ended=ended, lease=lease)


def put(lab: LabProcess, url: str, text: str) -> None:
    """What somebody else keeps in a store."""
    kind, _, path = url.partition("://")
    if kind == "file":
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
    else:
        bucket, _, key = path.partition("/")
        lab.client("s3").put_object(Bucket=bucket, Key=key, Body=text.encode())


def runs(found: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(each["run"], each["end_state"]) for each in found["runs"]]


def test_a_store_knows_every_run_and_one_in_full(
    ask: Ask, definition: Service, service: Service, store: str, made: Made
) -> None:
    do(ask, definition, RUN, "halted", store=store)
    do(ask, definition, "20260102T000000Z-bbbb", store=store)
    made()
    found = ask("history_info", **service, store=store)
    assert found["source"] == "store"
    assert runs(found) == [("20260102T000000Z-bbbb", None), (RUN, "halted")]
    assert [each["alive"] for each in found["runs"]] == [True, False]
    assert "active" in found["lines"][1]
    assert made("write") == []
    assert runs(ask("history_info", **service, store=store, since="2999-01-01T00:00:00+00:00")) == [runs(found)[0]]
    assert runs(ask("history_info", **service, store=store, end_states=["halted"])) == [runs(found)[1]]
    assert len(ask("history_info", **service, store=store, limit=1)["runs"]) == 1

    one = ask("history_info", **service, store=store, run=RUN)
    assert (one["record"]["message"], one["record"]["alive"]) == ("It is over.", False)
    assert [each["title"] for each in one["record"]["stages"]] == ["look"]
    assert one["lines"][-1] == "It is over."
    latest = ask("history_info", **service, store=store, run="latest")
    assert latest["record"]["run"] == "20260102T000000Z-bbbb"
    missing = ask("history_info", **service, store=store, run="nobody's")
    assert "There is no run nobody's in the history of" in missing["msg"]


def test_what_else_lies_beside_the_records_is_left_out(
    ask: Ask, definition: Service, service: Service, store: str, lab: LabProcess
) -> None:
    """A folder that the console made, what an editor and a file manager leave, and copies."""
    do(ask, definition, RUN, "halted", store=store)
    record = json.dumps(ask("history_info", **service, store=store, run=RUN)["record"])
    for name in (".DS_Store", f"{RUN} copy.json", f"{RUN}.json~", "old/a.json", *([""] if "s3:" in store else [])):
        put(lab, f"{store}/{service['service']}/records/{name}", record)
    assert runs(ask("history_info", **service, store=store)) == [(RUN, "halted")]


def test_what_was_not_read_is_a_warning(
    ask: Ask, definition: Service, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = {"store": f"file://{tmp_path}"}
    for run in "abcd":
        do(ask, definition, run, "halted", **store)
    monkeypatch.setattr(house, "MOST", 3)
    found = ask("history_info", **service, **store, since="1d", limit=3)
    assert [run for run, _state in runs(found)] == ["d", "c", "b"]
    (warning,) = found["warnings"]
    assert warning.startswith("Only the 3 latest of 4 records were read.")
    assert found["figures"]["seconds"] < 3600, "they begin with the oldest run that was read"
    for asked in ({"since": "1d", "limit": 4}, {"since": found["runs"][0]["began"], "limit": 3}, {"limit": 2}):
        assert ask("history_info", **service, **store, **asked)["warnings"] == []


def test_a_record_that_cannot_be_read_is_a_warning(
    ask: Ask, definition: Service, service: Service, tmp_path: Path
) -> None:
    do(ask, definition, "a", "halted", store=f"file://{tmp_path}")
    records = tmp_path / service["service"] / "records"
    newer = json.loads((records / "a.json").read_text(encoding="utf-8")) | {"format": 2}
    (records / "b.json").write_text(json.dumps(newer), encoding="utf-8")
    (records / "c.json").write_text("{", encoding="utf-8")
    found = ask("history_info", **service, store=f"file://{tmp_path}")
    assert runs(found) == [("a", "halted")]
    (warning,) = found["warnings"]
    assert f"{service['service']}/records/c.json, {service['service']}/records/b.json. They are damaged" in warning
    latest = ask("history_info", **service, store=f"file://{tmp_path}", run="latest")
    assert "records/c.json. They are damaged" in latest["msg"]


@pytest.mark.parametrize(
    ("stages", "settles", "failed"), [(1, False, 0), (2, False, 1), (2, True, 0)], ids=["built", "shifted", "settled"]
)
def test_a_run_that_died_counts_where_users_had_its_release(
    ask: Ask, service: Service, tmp_path: Path, stages: int, settles: bool, failed: int
) -> None:
    """Also where AWS had returned the traffic before anybody came."""
    record = rolled_back()
    kept = record.stages[:stages]
    if settles:
        kept = (*kept, replace(kept[-1], number=4, title="declare green stable", evidence={"stable": "green"}))
    died = replace(record, outcome=replace(record.outcome, ended=None, end_state="", restored=None), stages=kept)
    path = tmp_path / service["service"] / "records" / f"{record.outcome.run}.json"
    path.parent.mkdir(parents=True)
    path.write_text(died.text(), encoding="utf-8")
    assert ask("history_info", **service, store=f"file://{tmp_path}")["figures"]["failed"] == failed


def test_without_a_store_the_last_few_are_known(ask: Ask, definition: Service, service: Service, made: Made) -> None:
    do(ask, definition, "a", "halted")
    made()
    found = ask("history_info", **service)
    assert made() == ["DescribeTags"]
    assert (found["source"], runs(found)) == ("tags", [("a", "halted")])
    for run in ("a", "latest"):
        record = ask("history_info", **service, run=run)["record"]
        assert (record["run"], record["end_state"], record["stages"]) == ("a", "halted", [])
    assert runs(ask("history_info", **service, since="1h")) == [("a", "halted")]
    assert runs(ask("history_info", **service, since="2999-01-01T00:00:00+00:00")) == []
    assert ask("history_info", **service, since="2999-01-01T00:00:00+00:00")["lines"][0] == "No run is known."
    assert ask("history_info", **service, since="yesterday")["failed"]


def test_the_record_of_a_return_says_whose_each_weight_was(ask: Ask, scene: Scene, demo: Demo, tmp_path: Path) -> None:
    scene.in_service(demo.live(), 1)
    definition, store = demo.definition, f"file://{tmp_path}"
    groups = definition["target_groups"]
    scene.healthy(groups["blue"], 1)
    scene.elbv2.add_tags(ResourceArns=list(groups.values()), Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    ask("route_weights", routes=definition["routes"], weights={groups["blue"]: 90, groups["green"]: 10})
    assert ask("traffic_return", **definition, store=store, doing="rollback", by="kim")["changed"]
    service = {key: definition[key] for key in ("service", "target_groups")}
    traffic = ask("history_info", **service, store=store, run="latest")["record"]["traffic"]
    assert (traffic["stable"], traffic["weights"]) == ("blue", {"blue": 90, "green": 10})


def test_a_store_that_is_gone_is_a_warning(ask: Ask, definition: Service, service: Service, tmp_path: Path) -> None:
    do(ask, definition, "a", "halted")
    found = ask("history_info", **service, store=f"file://{tmp_path}/gone")
    assert (found["source"], runs(found)) == ("tags", [("a", "halted")])
    assert found["warnings"][0].endswith("The last few runs are shown, from tags.")
