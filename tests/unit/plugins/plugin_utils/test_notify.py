# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets of notifications out of variables as Ansible holds them. What returns traffic goes on whatever they are."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible.utils.display import Display
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.notify import notify_of

HOOK = {"webhook": "https://example.com/", "secret": "s3cret"}


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ansible shows the same warning once a process."""
    warnings: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, *_more: warnings.append(text))
    return warnings


def targets(value: Any, **others: Any) -> dict[str, Any]:
    variables = {"bluegreen_notify": trust_as_template(value) if isinstance(value, str) else value, **others}
    return notify_of(variables, Templar(DataLoader(), variables), DataLoader())


@pytest.mark.parametrize(
    "value", [[HOOK], HOOK, "- webhook: https://example.com/\n  secret: s3cret", "{{ vaulted }}", "[{{ vaulted }}]"]
)
def test_targets_are_mappings_and_text(value: Any) -> None:
    assert targets(value, vaulted=HOOK) == {"notify": [HOOK]}


@pytest.mark.parametrize("value", [None, "", " ", "{{ omit }}"])
def test_nobody_is_notified_where_nothing_is_said(value: Any, warned: list[str]) -> None:
    assert (targets(value), warned) == ({}, [])


@pytest.mark.parametrize(
    "value", ["{{ s3cret.missing }}", [{"chat": "s3cret"}], "s3cret", [{**HOOK, "events": ["s3"]}]]
)
def test_what_cannot_be_read_is_a_warning_without_a_word_of_it(value: Any, warned: list[str]) -> None:
    assert targets(value) == {}
    (warning,) = warned
    assert "bluegreen_notify cannot be read" in warning
    assert "s3cret" not in warning
