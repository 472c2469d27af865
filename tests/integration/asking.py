# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's two ways to run, each without the start of a whole play around it."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout, suppress
from importlib import import_module
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader
from ansible.template import Templar

COLLECTION = "switchyard.bluegreen"
MODULES = "ansible_collections.switchyard.bluegreen.plugins.modules"

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["boto3", "ansible_collections.switchyard.bluegreen.plugins.module_utils._module"])

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
    """The module, with its options on standard input as Ansible hands them over.

    The process is forked from one that has imported what every module imports: to compile that again for each of
    some hundred questions takes longer than all the rest.
    """
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
    with ProcessPoolExecutor(1, FORKS) as pool:
        said = pool.submit(_run, module, arguments, dict(os.environ)).result()
    answer = json.loads(said)
    told = [summary["event"]["msg"] for summary in answer.get("warnings", [])]  # as ansible-core hands them on
    return {"changed": False, **answer, "warnings": told}


def _run(module: str, arguments: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module]  # modules that find arguments there read these
    sys.stdin = io.TextIOWrapper(io.BytesIO(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()))
    with redirect_stdout(io.StringIO()) as output, suppress(SystemExit):
        import_module(f"{MODULES}.{module}").main()
    return output.getvalue()
