# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the services of an inventory as the collection's own playbooks do: the same parser, the same sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WORK = "deploy"
PLACEHOLDER = "ami-00000000000000000"  # the rehearsal brings its own images


class NotReadyError(Exception):
    """What is needed for a rehearsal and is not there, in a sentence for people."""


@dataclass(frozen=True)
class Service:
    """A host of the inventory. ``values`` are those of its definition by key, durations in seconds, the strategy as a
    list of steps. ``durations`` are the keys of durations, each with the least that it may be. ``findings`` are
    sentences: with any, nothing is built."""

    host: str
    values: dict[str, Any]
    durations: Mapping[str, int]
    findings: Sequence[str]


def read_services(inventory: str, pattern: str) -> list[Service]:
    """The hosts that match the pattern. Nothing in it asks AWS, except a lookup that a person has written."""
    try:
        from ansible.errors import AnsibleError
        from ansible.inventory.manager import InventoryManager
        from ansible.parsing.dataloader import DataLoader
        from ansible.plugins.loader import init_plugin_loader
        from ansible.template import Templar
        from ansible.vars.manager import VariableManager
    except ImportError:
        raise NotReadyError("A rehearsal runs playbooks: install ansible-core where the lab is installed.") from None
    init_plugin_loader()  # finds installed collections, also for the imports below
    definitions = _import("plugin_utils.definition")
    strategies = _import("module_utils._core.release.strategies")
    variables = _import("module_utils._core.release.variables")
    durations = {each.key: each.least for each in variables.VARIABLES if each.kind == "duration"}
    loader = DataLoader()
    try:
        manager = InventoryManager(loader, sources=[inventory])
        known = VariableManager(loader, manager)
        hosts = manager.get_hosts(pattern)
    except AnsibleError as error:
        raise NotReadyError(f"{inventory}: {error}") from error
    if not hosts:
        raise NotReadyError(f"{inventory} has no host that matches {pattern}.")
    services = []
    for host in hosts:
        given = {"bluegreen_image_id": PLACEHOLDER, **known.get_vars(host=host)}
        values, findings = definitions.read_definition(given, Templar(loader, given), loader, WORK)
        refused = [each.sentence for each in findings if each.refuses]
        steps = [] if refused else strategies.parse_strategy(values["strategy"], strategies.final_bake(values))
        values = values | {"strategy": [each.as_data() for each in steps]}
        services.append(Service(host.name, values, durations, refused))
    return services


def _import(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"ansible_collections.switchyard.bluegreen.plugins.{name}")
    except ImportError as error:
        raise NotReadyError(
            "The collection switchyard.bluegreen is not among Ansible's collections: run "
            f"ansible-galaxy collection install switchyard.bluegreen. ({error})"
        ) from error
