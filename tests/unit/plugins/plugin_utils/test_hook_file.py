# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of tasks that would end the play in the middle of a release."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.hook_file import check_hook


def check(folder: Path, tasks: str) -> str | None:
    path = folder / "hook.yml"
    path.write_text(tasks, encoding="utf-8")
    return check_hook(DataLoader(), str(path))


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        # The strategies free and host_pinned raise an error at a module that bypasses the host loop.
        ("- ansible.builtin.pause: {seconds: 10}", "uses pause, which Ansible runs once"),
        ("- block: [{debug: {}}]\n  rescue: [{block: [{pause: {}}]}]", "uses pause, which Ansible runs once"),
        ("- action: pause seconds=10", "uses pause, which Ansible runs once"),
        ("- name: web2\n  add_host: {name: web2}", "uses add_host, which Ansible runs once"),
        # A host that has ended runs no rescue.
        ("- meta: end_host\n  when: done", "uses meta: end_host, which ends the play"),
        ("- ansible.builtin.meta: end_play", "uses meta: end_play, which ends the play"),
        ("- block: [{meta: end_batch}]", "uses meta: end_batch, which ends the play"),
        # Nor does one that is unreachable: "Blocks" in Ansible's guide.
        ("- command: /opt/migrate\n  delegate_to: db1", "delegates to db1"),
        ("- block: [{command: /opt/migrate}]\n  delegate_to: '{{ database }}'", "delegates to {{ database }}"),
        ("- command: /opt/migrate\n  delegate_to: db1\n  ignore_unreachable: 'False'", "delegates to db1"),
        ("- block: [{command: /opt/migrate, ignore_unreachable: false}]\n  delegate_to: db1", "delegates to db1"),
    ],
)
def test_what_would_end_the_play_is_refused(tmp_path: Path, tasks: str, said: str) -> None:
    assert said in (check(tmp_path, tasks) or "")


@pytest.mark.parametrize(
    "tasks",
    [
        "- name: pause\n  ansible.builtin.wait_for: {timeout: 10}",
        "- meta: flush_handlers",
        "- command: /opt/migrate\n  delegate_to: localhost",
        "- command: /opt/migrate\n  delegate_to: '{{ inventory_hostname }}'",
        "- command: /opt/migrate\n  delegate_to: db1\n  ignore_unreachable: true\n  register: migrated",
        "- block: [{command: /opt/migrate, delegate_to: db1}]\n  ignore_unreachable: true",
        "- block: [{command: /opt/migrate, ignore_unreachable: true}]\n  delegate_to: db1",
        "- block: [{debug: {}, delegate_to: localhost}]\n  delegate_to: db1",
        "- local_action: command /opt/migrate",
        "- include_tasks: '{{ which }}.yml'",
        "- block: nothing",
    ],
)
def test_what_ends_no_play_is_not(tmp_path: Path, tasks: str) -> None:
    assert check(tmp_path, tasks) is None


def test_what_an_include_gives_to_its_tasks_counts(tmp_path: Path) -> None:
    (tmp_path / "inner.yml").write_text("- command: /opt/migrate\n", encoding="utf-8")
    said = check(tmp_path, "- include_tasks: {file: inner.yml, apply: {delegate_to: db1}}\n")
    assert said is not None
    assert said.startswith(f"{tmp_path / 'inner.yml'} delegates to db1")


def test_where_nothing_follows_that_matters_a_host_may_be_unreachable(tmp_path: Path) -> None:
    path = tmp_path / "hook.yml"
    path.write_text("- command: /opt/notify\n  delegate_to: bastion\n", encoding="utf-8")
    assert check_hook(DataLoader(), str(path), ends_later=False) is None


def test_files_that_it_includes_are_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "inner.yml").write_text("- include_tasks: hook.yml\n- pause: {}\n", encoding="utf-8")
    said = check(tmp_path, "- block:\n    - ansible.builtin.include_tasks: {file: inner.yml}\n")
    assert said is not None
    assert said.startswith(f"{tmp_path / 'inner.yml'} uses pause")
