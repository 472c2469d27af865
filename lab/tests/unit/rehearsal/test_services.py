# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of an inventory, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.rehearsal.inventory import NotReadyError
from switchyard_lab.rehearsal.services import read_services

from .definitions import read

RULE = {"name": "web-*", "newest": True}


@pytest.mark.parametrize(
    "named",
    [
        pytest.param({"bluegreen_image": RULE}, id="by a rule"),
        pytest.param({"bluegreen_image": {"name": "web-{{ bluegreen_release }}"}}, id="by a rule with its release"),
        pytest.param({"bluegreen_image_id": "{{ images[bluegreen_release] }}"}, id="by its release"),
        pytest.param({"bluegreen_image_id": "{{ lookup('ansible.builtin.file', '/no/image') }}"}, id="by a lookup"),
        pytest.param({"bluegreen_release": "{{ version }}"}, id="when a run begins"),
        pytest.param({"bluegreen_user_data": "install {{ bluegreen_release }}"}, id="in user data"),
    ],
)
def test_a_release_and_its_image_may_be_named_in_any_way(tmp_path: Path, named: dict[str, Any]) -> None:
    """The rehearsal has its own."""
    assert read(tmp_path, **named).findings == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"bluegreen_alarm": "web-5xx"}, "There is no variable bluegreen_alarm. Did you mean bluegreen_alarms?"),
        ({"bluegreen_image": RULE, "bluegreen_image_id": "ami-0abcdef1234567890"}, "Set only one of them"),
        ({"bluegreen_image_id": "web-1.4.2"}, 'bluegreen_image_id: "web-1.4.2" is not the ID of an image'),
    ],
)
def test_what_a_release_would_refuse_is_found_here(tmp_path: Path, wrong: dict[str, Any], sentence: str) -> None:
    (finding,) = read(tmp_path, **wrong).findings
    assert sentence in finding


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("other: {hosts: {db: {}}}\n", "has no host that matches bluegreen"),
        ("bluegreen: {hosts: [web\n", r"cannot be read: Line \d: YAML parsing failed: "),
        ("- hosts: all\n", "is not an inventory"),
        ("", "is not an inventory"),
    ],
)
def test_an_inventory_without_services_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    inventory = tmp_path / "services.yml"
    inventory.write_text(text, encoding="utf-8")
    with pytest.raises(NotReadyError, match=sentence) as raised:
        read_services(str(inventory), "bluegreen")
    assert "\n" not in str(raised.value)


def test_a_missing_inventory_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match="There is no inventory"):
        read_services(str(tmp_path / "services.yml"), "bluegreen")
