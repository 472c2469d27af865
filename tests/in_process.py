# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's way to run inside the controller, without the start of a whole play around it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader, init_plugin_loader
from ansible.template import Templar
from ansible.utils.collection_loader import AnsibleCollectionConfig

COLLECTION = "switchyard.bluegreen"
LOADING = Lock()

Result = dict[str, Any]


def in_process(module: str, options: Mapping[str, Any], *, check: bool, run: Path | None = None) -> Result:
    """The action plugin, as the controller loads and runs it for a task on a local connection. ``run``: the file in
    which tasks of one run find what the others have written; otherwise each task is a run."""
    name, loader, context = f"{COLLECTION}.{module}", DataLoader(), PlayContext()
    with LOADING:
        if AnsibleCollectionConfig.collection_finder is None:  # outside of pytest, whose plugin for Ansible has done it
            init_plugin_loader()
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
    from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.written import Written

    action._written = lambda _variables: Written(run)
    try:
        return {"changed": False, **action.run(task_vars={})}
    except AnsibleActionFail as error:
        return {"changed": False, "failed": True, "msg": str(error)}
