# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/messages.md: what the collection reports when something is wrong, read from its source.

Run as ``python -m tests.docs.messages``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/messages.md"
SOURCE = ROOT / "plugins/module_utils"
SHORTEST = 50  # characters; what is shorter is a part of a sentence, a label or a title

INTRODUCTION = """\
# Troubleshooting by message

What the collection reports when something is wrong, with … for what differs. Each message says what to do; the links
lead to the background. To find yours, search this page for a few words of it. If you look for a symptom rather than a
message, see [On call: find the symptom](on-call.md).

This page is written by `make messages` from the source.
"""


@dataclass(frozen=True)
class Topic:
    """``rooms`` are folders or beginnings of file names below a floor."""

    title: str
    guide: str
    rooms: Sequence[str]


TOPICS = (
    Topic(
        "Variables",
        "[Variables of a service](variables.md)",
        ("definition",),
    ),
    Topic(
        "Windows, freezes, approvals and other runs",
        "[Gates](gates.md), [One run at a time](lease.md)",
        ("release/gates", "service/windows", "lease", "bake/approval"),
    ),
    Topic(
        "The image and the group to build",
        "[Describe a service](services.md)",
        ("release/find_build", "release/find_image", "release/image", "release/quotas", "launch", "group"),
    ),
    Topic("Verification", "[Describe a service](services.md)", ("checks",)),
    Topic(
        "Routes, weights and sessions",
        "[How it works](concepts.md), [Sessions and long connections](connections.md), [Shift traffic in DNS](dns.md)",
        ("traffic", "release/find_shift", "release/idle_check", "targets"),
    ),
    Topic(
        "Alarms and metrics", "[How often the verdict on metrics is right](judge.md)", ("bake", "release/find_judges")
    ),
    Topic("The state of a service", "[On call: find the symptom](on-call.md)", ("service",)),
    Topic("Adoption", "[Adopt a service that exists](adopt.md)", ("release/adoption",)),
    Topic("Rolling replacement", "[Rolling replacement](rolling.md)", ("refresh",)),
    Topic(
        "Return by AWS",
        "[AWS returns the traffic when the controller cannot](return-by-aws.md)",
        ("safety", "release/find_return"),
    ),
    Topic(
        "The store and history",
        "[A store for leases and records](store.md), [The history of a service](history.md)",
        ("store", "history", "release/find_store"),
    ),
    Topic("Notifications", "[Notifications](notifications.md)", ("notify",)),
    Topic("Releases, and how they end", "[How a run ends](outcome.md)", ("release",)),
    Topic("Credentials and AWS itself", "[Permissions](permissions.md)", ("",)),
)
# What describes a variable is on its own page.
DESCRIBING = "definition/variable"


def page() -> str:
    """The first topic that names a file has its messages."""
    files = sorted(SOURCE.rglob("*.py"), key=lambda path: path.relative_to(SOURCE).parts[1:])
    left, parts = [file for file in files if not _room(file).startswith(DESCRIBING)], [INTRODUCTION]
    for topic in TOPICS:
        its = [file for file in left if _room(file).startswith(tuple(topic.rooms))]
        left = [file for file in left if file not in its]
        messages = dict.fromkeys(message for file in its for message in messages_of(file.read_text(encoding="utf-8")))
        if messages:
            guide = f"See {topic.guide}.\n\n" if topic.guide else ""
            parts.append(f"## {topic.title}\n\n{guide}" + "".join(f"- {_escaped(each)}\n" for each in messages))
    return "\n".join(parts)


def messages_of(source: str) -> Iterator[str]:
    """Whole texts of code that end as a sentence, in the order in which they stand, without docstrings."""
    tree = ast.parse(source)
    passed = {id(each) for node in ast.walk(tree) for each in _no_messages_in(node)}
    found = [(node, _text(node)) for node in ast.walk(tree) if id(node) not in passed and isinstance(node, ast.expr)]
    for _node, text in sorted(found, key=lambda each: (each[0].lineno, each[0].col_offset)):
        if len(text) >= SHORTEST and text.endswith(".") and text[0] not in " ,.;:'":
            yield text


def _no_messages_in(node: ast.AST) -> Iterator[ast.AST]:
    """A docstring, and the parts of a text."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
        first = node.body[0]
        assert isinstance(first, ast.Expr)
        yield first.value
    if isinstance(node, ast.JoinedStr):
        yield from (each for each in ast.walk(node) if each is not node)


def _text(node: ast.expr) -> str:
    """With … for what is put in; empty for what is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values)
    return ""


def _room(file: Path) -> str:
    return "/".join(file.relative_to(SOURCE).parts[1:])


def _escaped(message: str) -> str:
    """As Markdown shows it word for word."""
    for character in "\\*<[|":
        message = message.replace(character, f"\\{character}")
    return message


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
