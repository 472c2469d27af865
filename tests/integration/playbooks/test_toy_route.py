# SPDX-License-Identifier: GPL-3.0-or-later
"""A kind of route that the collection does not have: new files, and one line in the registry of each floor."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.returning import make_group, make_role
from tests.playing import ROOT, Played, playbook
from tests.sample import Sample

TOY = Path(__file__).parent / "toy"
STEPS = [{"weight": 50, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 1}]
# The new file, and the registry of its floor: a line after the one with this text, and its import.
FLOORS = [
    ("_core", "core", "    RecordDefinition,\n", "    Toy,\n", "from .toy import Toy\n"),
    (
        *("_ops", "ops", "    RecordDefinition: RecordKind(),\n", "    Toy: ToyKind(),\n"),
        "from ..._core.traffic.toy import Toy\nfrom .toy import ToyKind\n",
    ),
]


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collection that knows the kind."""
    path = tmp_path_factory.mktemp("collections")
    copy = path / "ansible_collections/switchyard/bluegreen"
    for folder in ("plugins", "roles", "playbooks", "meta"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "galaxy.yml", copy)
    for floor, file, after, line, imported in FLOORS:
        room = copy / "plugins/module_utils" / floor / "traffic"
        shutil.copy(TOY / f"{file}.py.txt", room / "toy.py")
        registry = room / "kinds.py"
        text = registry.read_text()
        assert text.count(after) == 1
        head, annotations, rest = text.partition("from __future__ import annotations\n")
        registry.write_text(head + annotations + imported + rest.replace(after, after + line))
    return path


@pytest.mark.thorough
def test_a_kind_of_route_that_is_new_is_released_through_and_returned(
    sample: Sample, collections: Path, tmp_path: Path
) -> None:
    toy = tmp_path / "weights"
    toy.write_text('{"left": 1, "right": 0}\n')
    routes: list[Any] = [*sample.definition["bluegreen_routes"], {"toy": str(toy)}]
    given = {"bluegreen_routes": routes, "bluegreen_strategy": STEPS, "bluegreen_release": "1.1.0"}
    released = opened(sample, collections, "deploy", **given)
    assert released.returncode == 0, released.messages
    assert (sample.answering(), weights(toy)) == ({"1.1.0"}, [(1, 0), (50, 50), (0, 100)])
    returned = opened(sample, collections, "rollback", **given)
    assert returned.returncode == 0, returned.messages
    assert (sample.answering(), weights(toy)[-1]) == ({"1.0.0"}, (100, 0))
    sample.lab.fault(operation="ModifyListener", times=1, error="OperationNotPermitted")
    failed = opened(sample, collections, "deploy", **given, bluegreen_failed_candidate="keep")
    assert failed.returncode != 0
    assert (sample.answering(), weights(toy)[-1]) == ({"1.0.0"}, (100, 0))


@pytest.mark.thorough
def test_what_is_wrong_with_it_is_refused_by_its_own_words(sample: Sample, collections: Path) -> None:
    refused = opened(sample, collections, "deploy", bluegreen_routes=[{"tin": "soldier"}], bluegreen_release="1.1.0")
    assert "or a mapping with a toy" in refused.messages


@pytest.mark.thorough
def test_a_release_whose_traffic_aws_cannot_return_is_refused_where_that_is_asked_for(
    sample: Sample, collections: Path, tmp_path: Path
) -> None:
    toy = tmp_path / "weights"
    toy.write_text('{"left": 1, "right": 0}\n')
    make_group(sample.lab)
    given = {"bluegreen_routes": [{"toy": str(toy)}], "bluegreen_release": "1.1.0"}
    refused = opened(sample, collections, "plan", **given, bluegreen_return_role=make_role(sample.lab))
    assert f"AWS cannot return the traffic of toy {toy}" in refused.messages


def opened(sample: Sample, collections: Path, door: str, **variables: Any) -> Played:
    path = collections / f"ansible_collections/switchyard/bluegreen/playbooks/{door}.yml"
    env = {**sample.lab.env, "ANSIBLE_COLLECTIONS_PATH": str(collections)}
    return playbook(path, env, "-i", str(sample.lab.inventory), "-e", json.dumps(variables))


def weights(toy: Path) -> list[tuple[int, int]]:
    """Left's and right's, from first to last."""
    written = map(json.loads, toy.read_text().splitlines())
    return [(each["left"], each["right"]) for each in written]
