# SPDX-License-Identifier: GPL-3.0-or-later
"""The floors of the house, on which imports run down only, and the rooms of each floor, which form no cycle."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
FILES = sorted(PLUGINS.rglob("*.py"))

# What each floor may import besides the standard library. Floors are the folders of plugins/, and in module_utils those
# whose names begin with an underscore; `shared` is what lies in module_utils itself: the way to run work as a module.
SDK = {"boto3", "botocore", "amazon.aws"}
FLOORS = {"_core", "_aws", "_ops", "_args"}
WORK = {"_core", "_aws", "_ops"}
MAY_IMPORT = {
    "_core": {"_core"},
    "_aws": {"_core", "_aws"} | SDK,
    "_ops": WORK | {"_args"},
    "_args": {"_core", "_args"},
    "shared": FLOORS | {"shared", "ansible", "amazon.aws"},
    "modules": FLOORS | {"shared", "ansible", "amazon.aws"},
    "plugin_utils": FLOORS | {"shared", "plugin_utils", "ansible", "amazon.aws"},
    "action": FLOORS | {"shared", "plugin_utils", "ansible"},
    "inventory": {"_core", "_ops", "ansible"},
    "filter": {"_core", "plugin_utils", "ansible"},
    "callback": {"_core", "ansible"},
    "doc_fragments": set(),
}
# The rooms of each floor. On its own floor a room imports only those before it in this list.
ROOMS = [
    "base",
    "store",
    "lease",
    "history",
    "targets",
    "launch",
    "traffic",
    "safety",
    "bake",
    "checks",
    "refresh",
    "group",
    "service",
    "notify",
    "definition",
    "release",
]
TESTS = sorted(path for folder in ("tests", "lab/tests") for path in (ROOT / folder).rglob("*.py"))
# amazon.aws keeps these names from release to release; its other modules are its own.
PUBLIC = {"arn", "errors", "exceptions", "modules", "retries", "tagging", "transformation", "waiter"}
AMAZON = "ansible_collections.amazon.aws.plugins.module_utils."
# A pure floor reads no clock and no environment, draws no lots, and talks to nobody.
IMPURE = {"asyncio", "http", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"}


def floor_of(module: str) -> str:
    """The floor of a module inside the collection: ``plugins.module_utils._ops.base.wait`` is on ``_ops``."""
    folders = module.split(".")[1:]
    if folders[0] != "module_utils":
        return folders[0]
    return folders[1] if folders[1] in FLOORS else "shared"


def room_of(module: str) -> str:
    """The room of a module on one of the FLOORS: ``plugins.module_utils._ops.base.wait`` is in ``base``."""
    return module.split(".")[3]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports(path: Path) -> Iterator[str]:
    """Every module that the file imports; those of the collection start with ``plugins.``."""
    package = module_of(path).split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            # `from ..._aws.traffic import elbv2` imports a file: which one is known only with the name.
            yield from (f"{base}.{name.name}" for name in node.names)


def refused(path: Path) -> Iterator[str]:
    """The imports of a file that its floor may not have."""
    allowed = MAY_IMPORT[floor_of(module_of(path))]
    for module in imports(path):
        package = module.split(".")[0]
        if package == "plugins":
            fine = floor_of(module) in allowed
        elif module.startswith(AMAZON):
            fine = "amazon.aws" in allowed and module.removeprefix(AMAZON).split(".")[0] in PUBLIC
        else:
            fine = package in sys.stdlib_module_names or package in allowed
        if not fine:
            yield module


def doors(files: Iterable[Path]) -> dict[tuple[str, str], set[str]]:
    """From which room to which other one on its floor a file imports, and the files that do."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in files:
        module = module_of(path)
        for imported in imports(path):
            if imported.startswith("plugins.") and floor_of(imported) == floor_of(module):
                found[room_of(module), room_of(imported)].add(module)
    return {door: by for door, by in found.items() if door[0] != door[1]}


def cycle(graph: Iterable[tuple[str, str]]) -> list[str]:
    """Rooms of which each imports the one before it, and the first the last; none when there is no such cycle."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for room, imported in graph:
        sorter.add(room, imported)
    try:
        sorter.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


ON_FLOORS = {floor: sorted((PLUGINS / "module_utils" / floor).rglob("*.py")) for floor in sorted(FLOORS)}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_run_down_only(path: Path) -> None:
    assert list(refused(path)) == []


@pytest.mark.parametrize("path", ON_FLOORS["_core"], ids=module_of)
def test_the_core_is_pure(path: Path) -> None:
    assert [module for module in imports(path) if module.split(".")[0] in IMPURE] == []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            marks = [ast.unparse(mark) for mark in node.decorator_list]
            assert [mark for mark in marks if mark.startswith("dataclass") and "frozen=True" not in mark] == [], (
                node.name
            )
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"now", "utcnow", "today"}, f"line {node.lineno} reads the clock"


@pytest.mark.parametrize("floor", ON_FLOORS)
def test_each_file_of_a_floor_is_in_a_room(floor: str) -> None:
    folder = PLUGINS / "module_utils" / floor
    places = [path.relative_to(folder).parts for path in ON_FLOORS[floor]]
    assert [place for place in places if len(place) != 2 or place[0] not in ROOMS] == []


@pytest.mark.parametrize("floor", ON_FLOORS)
def test_rooms_form_no_cycle(floor: str) -> None:
    """In an order that holds for all floors: ROOMS. Where no cycle is named, another order would do."""
    graph = doors(ON_FLOORS[floor])
    up = {door: by for door, by in graph.items() if ROOMS.index(door[0]) < ROOMS.index(door[1])}
    assert up == {}, f"cycle: {' <- '.join(cycle(graph)) or 'none'}"


def test_a_cycle_is_seen() -> None:
    assert cycle([("group", "traffic"), ("traffic", "base"), ("group", "base")]) == []
    assert {*cycle([("group", "traffic"), ("traffic", "bake"), ("bake", "group")])} == {"group", "traffic", "bake"}


def test_rooms_of_the_lab_form_no_cycle() -> None:
    """A folder is a room, and so is each file beside the folders."""
    within = "lab.src.switchyard_lab."
    graph = {
        (module_of(path).removeprefix(within).split(".")[0], imported.removeprefix(within).split(".")[0])
        for path in (ROOT / "lab/src/switchyard_lab").rglob("*.py")
        for imported in imports(path)
        if imported.startswith(within)
    }
    assert len(graph) > 30, "the imports of the lab are not found where they are looked for"
    assert cycle(door for door in graph if door[0] != door[1]) == []


@pytest.mark.parametrize("floor", ON_FLOORS)
def test_unit_tests_mirror_the_rooms(floor: str) -> None:
    tests = ROOT / "tests/unit/plugins/module_utils" / floor
    assert [path for path in tests.rglob("*.py") if path.parent.parent != tests or path.parent.name not in ROOMS] == []


def test_no_test_imports_from_a_file_of_tests() -> None:
    """Modules of the collection may be named so: ``test_route`` is about test routes."""
    found: dict[str, list[str]] = {}
    for path in TESTS:
        for imported in imports(path):
            inside, *parts = imported.split(".")
            if inside in ("tests", "lab") and any(part.startswith("test_") for part in parts):
                found.setdefault(module_of(path), []).append(imported)
    assert found == {}, "move what tests share into a file that is no test, next to them and named by what it holds"
