# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's two ways to run, each without the start of a whole play around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader
from ansible.template import Templar

COLLECTION = "switchyard.bluegreen"
MODULES = "ansible_collections.switchyard.bluegreen.plugins.modules"

Result = dict[str, Any]


def in_process(module: str, options: Mapping[str, Any], *, check: bool) -> Result:
    """The action plugin, as the controller loads and runs it for a task on a local connection."""
    name, loader, context = f"{COLLECTION}.{module}", DataLoader(), PlayContext()
    task = Task.load({name: dict(options), "check_mode": check}, loader=loader)
    action = action_loader.get(
        name,
        task=task,
        connection=connection_loader.get("local", context),
        play_context=context,
        loader=loader,
        templar=Templar(loader=loader),
        shared_loader_obj=None,
    )
    try:
        return {"changed": False, **action.run(task_vars={})}
    except AnsibleActionFail as error:
        return {"changed": False, "failed": True, "msg": str(error)}


def own_process(module: str, options: Mapping[str, Any], *, check: bool) -> Result:
    """The module, with its options on standard input as Ansible hands them over."""
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
    done = subprocess.run(
        [sys.executable, "-m", f"{MODULES}.{module}"],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    told = [summary["event"]["msg"] for summary in answer.get("warnings", [])]  # as ansible-core hands them on
    return {"changed": False, **answer, "warnings": told}
