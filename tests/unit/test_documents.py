# SPDX-License-Identifier: GPL-3.0-or-later
"""What README and docs/ say to type exists, and what they link to does too."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import is_known

from switchyard_lab.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
ROOTS = ("README.md", "CONTRIBUTING.md", "lab/README.md")
PAGES = sorted([*(ROOT / name for name in ROOTS), *ROOT.glob("docs/**/*.md"), *ROOT.glob("roles/*/*.md")])
LINK = re.compile(r"\]\(([^()\s]+)\)")
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
OURS = re.compile(r"switchyard\.bluegreen\.(\w+)$|(?:.*/)?playbooks/(\w+)\.yml$")
NAME = re.compile(r"\bbluegreen_[a-z_]*[a-z]\b")
# Options that the AWS CLI has next to the members of an operation's input.
GLOBAL_OPTIONS = {"output", "query"}


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Page and text of each block of code."""
    for page in PAGES:
        for _indent, kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
            if kind == language:
                yield str(page.relative_to(ROOT)), text


def commands() -> Iterator[Any]:
    for page, text in blocks("shell"):
        for line in text.replace("\\\n", " ").splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                yield pytest.param(line.strip(), id=f"{page}: {line.strip()[:70]}")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        path, _hash, anchor = link.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


def test_the_index_names_every_page() -> None:
    linked = set(LINK.findall((ROOT / "docs/index.md").read_text(encoding="utf-8")))
    pages = {str(page.relative_to(ROOT / "docs")) for page in ROOT.glob("docs/*.md")} - {"index.md"}
    assert not pages - linked


def test_readme_is_a_front_page() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("line", list(commands()))
def test_a_command_that_is_shown_exists(line: str) -> None:
    words = shlex.split(re.sub(r"\$\(.*\)", "VALUE", line), comments=True)
    match words:
        case ["make", target, *_settings]:
            assert target in TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
        case ["ansible-playbook" | "play", *arguments]:
            assert_playbook(arguments)
        case ["aws", service, operation, *options]:
            assert_operation(service, operation, options)
        case ["switchyard-lab", command, *_arguments]:
            assert command in COMMANDS
        case ["python", "-m", module, *_arguments] if module.startswith("tests."):
            assert importlib.util.find_spec(module)


def assert_playbook(arguments: Sequence[str]) -> None:
    """Ours, with variables that are known."""
    found = {word: match for word in arguments if (match := OURS.match(word))}
    assert found
    for word, match in found.items():
        assert (ROOT / word).is_file() or (ROOT / f"playbooks/{match[1] or match[2]}.yml").is_file()
    assert not [name for name in NAME.findall(" ".join(arguments)) if not is_known(name)]


def assert_operation(service: str, operation: str, options: Sequence[str]) -> None:
    """One of the AWS CLI: ``put-metric-alarm`` is PutMetricAlarm, ``--alarm-name`` its AlarmName."""
    client = botocore.session.get_session().create_client(
        service, region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    api = client.meta.method_to_api_mapping[operation.replace("-", "_")]
    known = {member.lower() for member in client.meta.service_model.operation_model(api).input_shape.members}
    given = {option.removeprefix("--") for option in options if option.startswith("--")} - GLOBAL_OPTIONS
    assert not {option for option in given if option.replace("-", "") not in known}


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=f"{page} {n}") for n, (page, text) in enumerate(blocks("yaml"))]
)
def test_an_example_is_yaml_with_variables_that_are_known(text: str) -> None:
    assert list(yaml.safe_load_all(text))
    assert not [name for name in NAME.findall(text) if not is_known(name)]
