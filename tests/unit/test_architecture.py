# SPDX-License-Identifier: GPL-3.0-or-later
"""The floors of the house: imports run down only."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
FILES = sorted(PLUGINS.rglob("*.py"))

# What each room may import besides the standard library. Rooms are folders of plugins/; `shared` is what lies in
# module_utils itself: argument specs and the way to run work as a module.
SDK = {"boto3", "botocore", "amazon.aws"}
FLOORS = {"_core", "_aws", "_ops"}
MAY_IMPORT = {
    "_core": {"_core"},
    "_aws": {"_core", "_aws"} | SDK,
    "_ops": FLOORS,
    "shared": FLOORS | {"shared", "ansible", "amazon.aws"},
    "modules": FLOORS | {"shared", "ansible", "amazon.aws"},
    "plugin_utils": FLOORS | {"shared", "ansible", "amazon.aws"},
    "action": FLOORS | {"shared", "plugin_utils", "ansible"},
    "inventory": {"_core", "_ops", "ansible"},
    "filter": {"_core", "ansible"},
    "callback": {"_core", "ansible"},
    "doc_fragments": set(),
}
# amazon.aws keeps these names from release to release; its other rooms are its own.
PUBLIC_ROOMS = {"arn", "errors", "exceptions", "modules", "retries", "tagging", "transformation", "waiter"}
AMAZON = "ansible_collections.amazon.aws.plugins.module_utils."
# A pure room reads no clock and no environment, draws no lots, and talks to nobody.
IMPURE = {"asyncio", "http", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"}


def room_of(module: str) -> str:
    """The room of a module inside the collection: ``plugins.module_utils._ops.wait`` is in ``_ops``."""
    folders = module.split(".")[1:]
    if folders[0] != "module_utils":
        return folders[0]
    return folders[1] if folders[1] in FLOORS else "shared"


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
            # `from .._aws import elbv2` imports a file: the room is known only with the name.
            yield from (f"{base}.{name.name}" for name in node.names)


def refused(path: Path) -> Iterator[str]:
    """The imports of a file that its room may not have."""
    allowed = MAY_IMPORT[room_of(module_of(path))]
    for module in imports(path):
        package = module.split(".")[0]
        if package == "plugins":
            fine = room_of(module) in allowed
        elif module.startswith(AMAZON):
            fine = "amazon.aws" in allowed and module.removeprefix(AMAZON).split(".")[0] in PUBLIC_ROOMS
        else:
            fine = package in sys.stdlib_module_names or package in allowed
        if not fine:
            yield module


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_run_down_only(path: Path) -> None:
    assert list(refused(path)) == []


@pytest.mark.parametrize("path", sorted((PLUGINS / "module_utils/_core").glob("*.py")), ids=module_of)
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
