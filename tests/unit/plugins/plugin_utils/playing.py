# SPDX-License-Identifier: GPL-3.0-or-later
"""A play without hosts, for what is loaded into it."""

from __future__ import annotations

from typing import Any

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.vars.manager import VariableManager
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.hook_tasks import Around


def a_play(**keywords: Any) -> Around:
    loader = DataLoader()
    variables = VariableManager(loader, InventoryManager(loader, sources=[]))
    play = Play.load({"hosts": "all", "tasks": [{"debug": {}}], **keywords}, variable_manager=variables, loader=loader)
    (task,) = play.get_tasks()[0]
    return Around.of(task, loader)
