# SPDX-License-Identifier: GPL-3.0-or-later
"""What things are called: one word for one thing, and the same words in the code and in its texts."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
FLOORS = sorted(PLUGINS.glob("module_utils/_*/*/*.py"))
EVERYWHERE = {"Facts", "Plan"}  # what is read and what is decided, in the files where work is read, decided and applied
Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

# Words that texts avoid (tests/docs/style); in names they would be a second word for the same thing.
AVOIDED = re.compile(r"(?:^|_)(?:rings|ringing|rung|told|push_on|pushed_on|take_up|taken_up|turned_back)(?:_|$)")
# Docstrings that only continue the name, and say nothing without it.
CONTINUED = re.compile(r"(?:Of|By|Also|Its|Where|Out of)\b")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> Iterator[Named]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Named))


def test_one_name_is_one_class() -> None:
    places = defaultdict(set)
    for path in FLOORS:
        for node in named(path):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].add(path.relative_to(PLUGINS).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1 and name not in EVERYWHERE} == {}


def test_the_function_of_a_module_is_called_as_the_module() -> None:
    works = re.compile(r"work = \w+, staticmethod\((\w+)\)")
    found = {path.stem: works.findall(path.read_text(encoding="utf-8")) for path in PLUGINS.glob("action/*.py")}
    assert {module: functions for module, functions in found.items() if functions not in ([module], [])} == {}


def test_names_have_the_words_of_the_texts() -> None:
    assert [f"{path.name}: {node.name}" for path in FLOORS for node in named(path) if AVOIDED.search(node.name)] == []


def test_a_docstring_says_what_it_is_about() -> None:
    found = [
        f"{path.relative_to(PLUGINS)}: {node.name}"
        for path in sorted(PLUGINS.rglob("*.py"))
        for node in named(path)
        if CONTINUED.match(ast.get_docstring(node) or "")
    ]
    assert found == []
