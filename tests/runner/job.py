# SPDX-License-Identifier: GPL-3.0-or-later
"""A job as AWX 24.6 runs it: awx/main/tasks/jobs.py prepares it, and ansible-runner plays it.

What differs: unless it is ``contained``, a canceled job is outlived by the processes of its tasks. Those of AWX end
with their container.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ansible_runner
import yaml

from tests.playing import BIN

from .installed import Installed

NUMBERS = count(1)
LOOKS = 0.25  # seconds between two looks at whether the job is to be canceled, which are five in AWX
# ANSIBLE_* of awx/settings/defaults.py, and what BaseTask.build_env and RunJob.build_env add.
SETTINGS = {
    "ANSIBLE_FORCE_COLOR": "True",
    "ANSIBLE_HOST_KEY_CHECKING": "False",
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
    "ANSIBLE_RETRY_FILES_ENABLED": "False",
    "MAX_EVENT_RES": "700000",
}
# Who kills it kills all that is in it.
CONTAINED = f"""#!/bin/sh
exec unshare --pid --fork --mount-proc --kill-child=KILL {BIN / "ansible-playbook"} "$@"
"""

Inventory = Mapping[str, Mapping[str, Any]]  # the hosts of a group, and their variables
Cancel = Callable[[int], bool]  # whether to cancel the job now, after so many events


class Unsafe(yaml.SafeDumper):
    """As awx/main/utils/safe_yaml.py writes extra variables: a template in a survey's answer is text."""

    def represent_data(self, data: Any) -> Any:
        if isinstance(data, str):
            return self.represent_scalar("!unsafe", data)
        return super().represent_data(data)


@dataclass(frozen=True)
class Done:
    """``status`` is successful, failed, canceled or timeout."""

    status: str
    artifacts: Mapping[str, Any]
    output: str

    @property
    def ends(self) -> dict[str, str]:
        """End states by the name of the artifact."""
        return {key: each["end_state"] for key, each in self.artifacts.items()}


@dataclass(frozen=True)
class Controller:
    """``fleet`` are groups of hosts, of which a job gets a slice. Facts are cached from job to job. ``contained``: each
    job counts its processes by itself, as in a container of its own."""

    installed: Installed
    env: Mapping[str, str]
    fleet: Mapping[str, Inventory]
    shared: Mapping[str, Any] = field(default_factory=dict)  # the inventory's own variables
    facts: dict[str, str] = field(default_factory=dict)
    contained: bool = False

    def run(
        self,
        playbook: str,
        answers: Mapping[str, Any],
        *,
        limit: str = "",
        sliced: tuple[int, int] = (1, 1),
        cancel: Cancel | None = None,
        workflow: str = "",
        key: str = "",
    ) -> Done:
        """``answers``: of the survey, and artifacts of earlier jobs. ``sliced``: which of how many slices. ``key``: the
        access key that signs its calls."""
        number, name = next(NUMBERS), f"Blue/green {playbook}"
        with TemporaryDirectory(prefix=f"awx_{number}_") as folder:
            private = Path(folder)
            (private / "project").symlink_to(self.installed.project)
            variables = {**answers, **_meta(number, name, name if sliced[1] > 1 else workflow)}
            _write(private / "env/extravars", "".join(map(_dump, variables.items())))
            _write(private / "env/settings", json.dumps(_settings()))
            _write(private / "env/cmdline", f"-u root{f' -l {limit}' if limit else ''}")
            hosts = _write(private / "inventory/hosts", _script(slice_of(self.fleet, *sliced), self.shared))
            hosts.chmod(0o700)
            for host, facts in self.facts.items():
                _write(private / f"artifacts/{number}/fact_cache/{host}", facts)
            return self._run(private, number, playbook, cancel, key)

    def _run(self, private: Path, number: int, playbook: str, cancel: Cancel | None, key: str) -> Done:
        artifacts: dict[str, Any] = {}
        output: list[str] = []

        def handle(event: dict[str, Any]) -> bool:
            output.append(event.get("stdout", ""))
            artifacts.update(event.get("event_data", {}).get("artifact_data", {}))
            return False

        done = ansible_runner.run(
            private_data_dir=str(private),
            ident=str(number),
            playbook=f"{playbook}.yml",
            inventory=str(private / "inventory/hosts"),
            envvars=self._environment(private, number, key),
            passwords={r"SSH password:\s*?$": "", r"Vault password:\s*?$": ""},
            suppress_env_files=True,
            fact_cache_type="jsonfile",
            event_handler=handle,
            cancel_callback=(lambda: cancel(len(output))) if cancel else (lambda: False),
        )
        for cached in (private / f"artifacts/{number}/fact_cache").glob("*"):
            self.facts[cached.name] = cached.read_text(encoding="utf-8")
        return Done(done.status, artifacts, "\n".join(output))

    def _environment(self, private: Path, number: int, key: str) -> dict[str, str]:
        """No collection but those that were installed: the checkout stands beside amazon.aws."""
        own = {"AWX_PRIVATE_DATA_DIR": str(private), "JOB_ID": str(number), "INVENTORY_ID": "1"}
        collections = {"ANSIBLE_COLLECTIONS_PATH": str(self.installed.collections)}
        collections["ANSIBLE_COLLECTIONS_SCAN_SYS_PATH"] = "False"
        signed = {"AWS_ACCESS_KEY_ID": key, "AWS_SDK_UA_APP_ID": key} if key else {}
        path = f"{BIN}:{os.environ['PATH']}"
        if self.contained:
            _write(private / "bin/ansible-playbook", CONTAINED).chmod(0o700)
            path = f"{private}/bin:{path}"
        return {**self.env, **SETTINGS, **own, **collections, **signed, "PATH": path}


def slice_of(fleet: Mapping[str, Inventory], number: int, slices: int) -> dict[str, Inventory]:
    """Inventory.get_script_data: every so many of the hosts by name, in all of the groups."""
    mine = set(sorted({host for hosts in fleet.values() for host in hosts})[number - 1 :: slices])
    return {group: {host: given for host, given in hosts.items() if host in mine} for group, hosts in fleet.items()}


def _script(fleet: Mapping[str, Inventory], shared: Mapping[str, Any]) -> str:
    """A group without hosts is only a child of ``all``."""
    groups = {group: {"hosts": list(hosts)} for group, hosts in fleet.items() if hosts}
    given = {host: variables for hosts in fleet.values() for host, variables in hosts.items()}
    numbered = {host: {**each, "remote_tower_id": number} for number, (host, each) in enumerate(given.items(), 1)}
    every = {"hosts": [], "children": list(fleet), "vars": dict(shared)}
    data = {"all": every, **groups, "_meta": {"hostvars": numbered}}
    return f"#! /usr/bin/env python3\n# -*- coding: utf-8 -*-\nprint({json.dumps(data)!r})\n"


def _meta(number: int, template: str, workflow: str) -> dict[str, Any]:
    """UnifiedJob.awx_meta_vars and Job.awx_meta_vars."""
    found: dict[str, Any] = {"job_id": number, "job_launch_type": "workflow" if workflow else "manual"}
    found |= {"user_id": 2, "user_name": "anna", "user_email": "anna@example.com"}
    found |= {"user_first_name": "", "user_last_name": "", "inventory_id": 1, "inventory_name": "Services"}
    found |= {"project_revision": "0" * 40, "project_scm_branch": "", "execution_node": "node-1"}
    found |= {"job_template_id": 7, "job_template_name": template}
    if workflow:
        found |= {"workflow_job_id": 5, "workflow_job_name": workflow, "workflow_job_launch_type": "manual"}
    return {f"{prefix}_{key}": value for prefix in ("awx", "tower") for key, value in found.items()}


def _settings() -> dict[str, Any]:
    return {
        "job_timeout": 0,
        "suppress_ansible_output": True,
        "suppress_output_file": True,
        "pexpect_timeout": LOOKS,
    }


def _dump(variable: tuple[str, Any]) -> str:
    return str(yaml.dump_all([dict([variable])], None, Dumper=Unsafe, default_flow_style=False))


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
