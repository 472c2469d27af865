# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of tasks that would end the play in the middle of a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.hook_file import check_hook

from .playing import a_play


def check(folder: Path, tasks: str, **keywords: Any) -> str | None:
    path = folder / "hook.yml"
    path.write_text(tasks, encoding="utf-8")
    return check_hook(a_play(**keywords), str(path))


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        # The strategies free and host_pinned raise an error at a module that bypasses the host loop.
        ("- ansible.builtin.pause: {seconds: 10}", "uses pause, which Ansible runs once"),
        ("- block: [{debug: {}}]\n  rescue: [{block: [{pause: {}}]}]", "uses pause, which Ansible runs once"),
        ("- action: pause seconds=10", "uses pause, which Ansible runs once"),
        ("- name: web2\n  add_host: {name: web2}", "uses add_host, which Ansible runs once"),
        # A failure of such a task fails every host of the play.
        ("- command: /opt/migrate\n  run_once: true", "has run_once"),
        ("- command: /opt/migrate\n  run_once: '{{ once }}'", "has run_once"),
        ("- block: [{command: /opt/migrate}]\n  run_once: 'yes'", "has run_once"),
        ("- include_tasks: '{{ which }}.yml'\n  run_once: true", "has run_once"),
        # A host that has ended runs no rescue.
        ("- meta: end_host\n  when: done", "uses meta: end_host, which ends the play"),
        ("- ansible.builtin.meta: end_play", "uses meta: end_play, which ends the play"),
        ("- meta: flush_handler", "uses meta: flush_handler, which Ansible does not know"),
        ("- block: [{meta: end_batch}]", "uses meta: end_batch, which ends the play"),
        # Nor does one that is unreachable: "Blocks" in Ansible's guide.
        ("- command: /opt/migrate\n  delegate_to: db1", "delegates to db1"),
        ("- block: [{command: /opt/migrate}]\n  delegate_to: '{{ database }}'", "delegates to {{ database }}"),
        ("- command: /opt/migrate\n  delegate_to: db1\n  ignore_unreachable: 'False'", "delegates to db1"),
        ("- block: [{command: /opt/migrate, ignore_unreachable: false}]\n  delegate_to: db1", "delegates to db1"),
        # A notification for which there is no handler is an error of the strategy.
        ("- command: /opt/migrate\n  notify: reload proxy", "notifies reload proxy"),
        ("- block: [{command: /opt/migrate}]\n  notify: [reload proxy]", "notifies reload proxy"),
        ("- command: /opt/migrate\n  notify: [[reload proxy]]", "notifies ['reload proxy']"),
    ],
)
def test_what_would_end_the_play_is_refused(tmp_path: Path, tasks: str, said: str) -> None:
    assert said in (check(tmp_path, tasks) or "")


@pytest.mark.parametrize(
    "tasks",
    [
        "- community.nowhere.chat: {}",
        "- debug: {}\n  whne: true",
        "- debug: {}\n  command: date",
        "- block: nothing",
        "- block: [{debug: {}}]\n  whne: true",
        "- block: [{block: [{debug: {}}], always: [{nowhere: {}}]}]",
        "- action: ''",
        "- import_tasks: gone.yml",
        "- import_tasks: hook.yml",
        "- import_tasks: '{{ inventory_dir }}/hook.yml'",
        "- import_role: {name: '{{ which }}'}",
        "- include_tasks: {file: inner.yml, apply: {whne: true}}",
        "- include_tasks: inner.yml\n  delegate_to: localhost",
    ],
)
def test_what_ansible_cannot_load_is_refused(tmp_path: Path, tasks: str) -> None:
    """Ansible ends the play of all services where it comes to such a file."""
    (tmp_path / "inner.yml").write_text("- debug: {}\n", encoding="utf-8")
    said = check(tmp_path, tasks)
    assert said is not None
    assert "cannot be loaded" in said


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
        "- command: /opt/migrate\n  run_once: false",
        "- include_tasks: '{{ which }}.yml'",
        "- include_tasks: '{{ which }}.yml'\n  loop: [a, b]",
        "- include_role: {name: '{{ which }}'}",
        "- action: '{{ which }}'",
        "- lease: {state: absent}\n  collections: [switchyard.bluegreen]",
        "- block: [{lease: {state: absent}}]\n  collections: [switchyard.bluegreen]",
        "- debug: {}\n  with_items: [a]\n  loop_control: {label: '{{ item }}'}",
        "- import_tasks: '{{ playbook_dir }}/{{ color }}.yml'\n  vars: {color: inner}",
        "- include_tasks: inner.yml\n  vars: {color: blue}\n  loop: [a]",
        "- include_tasks: {file: inner.yml, apply: {delegate_to: db1, ignore_unreachable: true}}",
        "# nothing",
    ],
)
def test_what_ends_no_play_is_not(tmp_path: Path, tasks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner.yml").write_text("- debug: {}\n", encoding="utf-8")
    assert check(tmp_path, tasks) is None


def test_what_an_include_gives_to_its_tasks_counts(tmp_path: Path) -> None:
    (tmp_path / "inner.yml").write_text("- command: /opt/migrate\n", encoding="utf-8")
    for keyword, said in {"delegate_to: db1": "delegates to db1", "run_once: true": "has run_once"}.items():
        found = check(tmp_path, f"- include_tasks: {{file: inner.yml, apply: {{{keyword}}}}}\n")
        assert (found or "").startswith(f"{tmp_path / 'inner.yml'}:1 {said}")


def test_where_nothing_follows_that_matters_a_host_may_be_unreachable(tmp_path: Path) -> None:
    path = tmp_path / "hook.yml"
    path.write_text("- command: /opt/notify\n  delegate_to: bastion\n", encoding="utf-8")
    assert check_hook(a_play(), str(path), ends_later=False) is None
    path.write_text("- community.nowhere.chat: {}\n", encoding="utf-8")
    assert "community.nowhere.chat" in (check_hook(a_play(), str(path), ends_later=False) or "")


@pytest.mark.parametrize("word", ["include_tasks", "import_tasks"])
def test_files_that_it_includes_are_looked_at_too(tmp_path: Path, word: str) -> None:
    (tmp_path / "inner.yml").write_text("- include_tasks: hook.yml\n- pause: {}\n", encoding="utf-8")
    said = check(tmp_path, f"- block:\n    - ansible.builtin.{word}: {{file: inner.yml}}\n")
    assert said is not None
    assert said.startswith(f"{tmp_path / 'inner.yml'}:2 uses pause")


def test_a_file_that_is_certainly_included_must_be_there(tmp_path: Path) -> None:
    assert (check(tmp_path, "- include_tasks: gone.yml") or "").endswith(
        "includes gone.yml, and there is no such file."
    )
    for may_run in (
        "- include_tasks: gone.yml\n  when: elsewhere",
        "- include_tasks: gone.yml\n  loop: '{{ several }}'",
        "- block: [{include_tasks: gone.yml}]\n  rescue: [{debug: {}}]",
    ):
        assert check(tmp_path, may_run) is None


def test_a_file_that_an_included_one_includes_may_be_beside_the_hook(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/inner.yml").write_text("- include_tasks: outer.yml\n", encoding="utf-8")
    (tmp_path / "outer.yml").write_text("- pause: {}\n", encoding="utf-8")
    said = check(tmp_path, "- include_tasks: parts/inner.yml\n")
    assert (said or "").startswith(f"{tmp_path / 'outer.yml'}:1 uses pause")


def test_an_import_may_be_named_by_what_the_hook_has_when_it_runs(tmp_path: Path) -> None:
    (tmp_path / "inner.yml").write_text("- import_tasks: '{{ item }}.yml'\n", encoding="utf-8")
    assert check(tmp_path, "- include_tasks: inner.yml\n  loop: [a, b]\n") is None
    assert check(tmp_path, "- import_tasks: '{{ bluegreen_hook.name }}.yml'\n") is None
    assert "'{{ item }}.yml'" in (check(tmp_path, "- include_tasks: inner.yml\n") or "")


def test_a_role_must_be_there_and_its_tasks_are_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roles/proxy/tasks").mkdir(parents=True)
    (tmp_path / "roles/proxy/handlers").mkdir()
    role = "- command: /opt/write\n  notify: reload proxy\n  run_once: true\n- include_tasks: more.yml\n"
    (tmp_path / "roles/proxy/tasks/main.yml").write_text(role, encoding="utf-8")
    (tmp_path / "roles/proxy/handlers/main.yml").write_text("- name: reload proxy\n  debug: {}\n", encoding="utf-8")
    for word in ("include_role", "import_role"):
        assert check(tmp_path, f"- {word}: {{name: proxy}}\n") is None
        assert check(tmp_path, f"- {word}: {{name: proxy}}\n- command: date\n  notify: reload proxy\n") is None
        for missing in ("name: nowhere", "name: proxy, tasks_from: gone"):
            assert "cannot be loaded" in (check(tmp_path, f"- {word}: {{{missing}}}\n") or "")
    assert check(tmp_path, "- include_role: {name: nowhere}\n  when: elsewhere\n") is None


def test_a_handler_of_the_play_may_be_notified(tmp_path: Path) -> None:
    tasks = "- command: /opt/write\n  notify: reload\n"
    for handler in ({"name": "reload"}, {"name": "proxy", "listen": "reload"}):
        assert check(tmp_path, tasks, handlers=[{**handler, "debug": {}}]) is None
    assert "notifies reload" in (check(tmp_path, tasks, handlers=[{"name": "proxy", "debug": {}}]) or "")
