# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the texts that a person reads: in Markdown, YAML and Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BLOCKS = ("DOCUMENTATION", "RETURN", "EXAMPLES")
LIST_ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+")
COMMENT = re.compile(r"(?:^|\s\s)#[ ](.+)$")
LABELS = {"description", "short_description", "name", "notes", "msg", "fail_msg", "success_msg"}


@dataclass(frozen=True)
class Text:
    """A text and the line that it begins in. The length of sentences is checked in prose only."""

    line: int
    text: str
    prose: bool = True


def markdown(source: str) -> Iterator[Text]:
    """Paragraphs, list items, and rows of tables. Code blocks are left out."""
    fenced = False
    paragraph: list[str] = []
    start = 0
    for number, line in enumerate([*source.splitlines(), ""], 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        begins = fenced or not line.strip() or line.lstrip().startswith(("```", "|", "#", ">")) or LIST_ITEM.match(line)
        if begins and paragraph:
            yield Text(start, "\n".join(paragraph))
            paragraph = []
        if fenced or line.lstrip().startswith("```"):
            continue
        if line.lstrip().startswith(("|", "#")):
            yield Text(number, line, prose=False)
        elif line.strip():
            start = start if paragraph else number
            paragraph.append(line)


def yaml_texts(source: str, offset: int = 0) -> Iterator[Text]:
    """The descriptions of a document, the names of tasks and their messages; and all comments."""
    for document in yaml.compose_all(source, LOADER):
        yield from _labeled(document, offset)
    yield from comments(source, offset)


def _labeled(node: yaml.Node | None, offset: int, label: str = "") -> Iterator[Text]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _labeled(value, offset, str(key.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _labeled(item, offset, label)
    elif isinstance(node, yaml.ScalarNode) and label in LABELS:
        yield Text(node.start_mark.line + 1 + offset, node.value)


def fragment(source: str) -> Iterator[Text]:
    """The entries of a changelog fragment."""
    for section in yaml.compose(source, LOADER).value:
        for entry in section[1].value if isinstance(section[1], yaml.SequenceNode) else ():
            yield Text(entry.start_mark.line + 1, entry.value)


def python(source: str) -> Iterator[Text]:
    """Docstrings, comments, messages, and the documentation of modules and plugins."""
    tree = ast.parse(source)
    seen: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            if isinstance(node.targets[0], ast.Name) and node.targets[0].id in BLOCKS:
                seen.add(id(node.value))
                yield from yaml_texts(node.value.value, node.value.lineno - 1)
        elif isinstance(node, ast.JoinedStr):
            seen.update(id(part) for part in node.values)
            parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield from _sentence(node.lineno, "".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in seen:
            yield from _sentence(node.lineno, node.value)
    yield from comments(source)


def _sentence(line: int, text: str) -> Iterator[Text]:
    """A string that reads like one: it has several words."""
    if text.count(" ") > 2:
        yield Text(line, text)


def comments(source: str, offset: int = 0) -> Iterator[Text]:
    """Comments on neighboring lines are one text."""
    block: list[str] = []
    start = last = 0
    for number, line in enumerate(source.splitlines(), 1):
        found = COMMENT.search(line) if "#" in line else None
        if not found:
            continue
        if block and number != last + 1:
            yield Text(start + offset, "\n".join(block))
            block = []
        start = start if block else number
        last = number
        block.append(found[1])
    if block:
        yield Text(start + offset, "\n".join(block))


READERS: dict[str, Callable[[str], Iterator[Text]]] = {".md": markdown, ".py": python, ".yml": yaml_texts}


def read(path: Path) -> Iterator[Text]:
    reader = fragment if path.parent.name == "fragments" else READERS[path.suffix]
    yield from reader(path.read_text(encoding="utf-8"))
