# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped playbooks: each service goes by itself, and no part of a release can be left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROOT = Path(__file__).parents[2]
PLAYBOOKS = sorted(path for path in (ROOT / "playbooks").glob("*.yml") if path.name != "services.yml")
KEYWORDS = ("strategy", "serial")
TASKS = sorted((ROOT / "roles").glob("*/tasks/*.yml"))


def load(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.stem)
def test_each_service_goes_by_itself_unless_a_user_sets_another_strategy(playbook: Path) -> None:
    strategy = trust_as_template(load(playbook)[-1]["strategy"])
    assert Templar(DataLoader(), {}).template(strategy) == "ansible.builtin.host_pinned"
    assert Templar(DataLoader(), {"bluegreen_play_strategy": "linear"}).template(strategy) == "linear"


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.stem)
def test_an_empty_answer_is_the_default(playbook: Path) -> None:
    """Ansible ends with a traceback when the strategy or the batch has no value."""
    play = load(playbook)[-1]
    unset = {"bluegreen_play_strategy": "", "bluegreen_serial": ""}
    found = {key: Templar(DataLoader(), unset).template(trust_as_template(play.get(key, ""))) for key in KEYWORDS}
    assert found == {"strategy": "ansible.builtin.host_pinned", "serial": "100%" if "serial" in play else ""}


def tagged(tasks: list[dict[str, Any]]) -> Iterator[str]:
    for task in tasks:
        if "tags" in task:
            yield task["name"]
        for part in ("tasks", "block", "rescue", "always"):
            yield from tagged(task.get(part, []))


@pytest.mark.parametrize("path", [*PLAYBOOKS, *TASKS], ids=lambda path: str(path.relative_to(ROOT)))
def test_skip_tags_leaves_no_stage_of_a_release_out(path: Path) -> None:
    """A run without its shift would say that the release is done."""
    assert list(tagged(load(path))) == []
