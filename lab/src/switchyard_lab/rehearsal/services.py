# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the services of an inventory as the collection's own playbooks do: the same parser, the same sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .inventory import Inventory, NotReadyError, open_inventory

COLLECTION = "switchyard.bluegreen"
WORK = "deploy"
RELEASE, IMAGE_ID, IMAGE = "bluegreen_release", "bluegreen_image_id", "bluegreen_image"
PLACEHOLDERS = {RELEASE: "rehearsal", IMAGE_ID: "ami-00000000000000000"}  # the rehearsal brings its own


@dataclass(frozen=True)
class Service:
    """A host of the inventory. ``values`` are those of its definition by key, durations in seconds, the strategy as a
    list of steps. ``durations`` are the keys of durations, each with the least that it may be. ``findings`` are
    sentences: with any, nothing is built. ``baking_seconds`` is how long all bakes take on AWS, with the time until
    their metrics have arrived."""

    host: str
    values: dict[str, Any]
    durations: Mapping[str, int]
    findings: Sequence[str]
    baking_seconds: int = 0


def read_services(source: str, pattern: str) -> list[Service]:
    """The hosts of the inventory that match the pattern. Nothing in it asks AWS, except a lookup that a person has
    written."""
    inventory = open_inventory(source, pattern)
    return [_read(inventory, host) for host in inventory.hosts]


def _read(inventory: Inventory, host: str) -> Service:
    from ansible.template import Templar

    try:
        variables = inventory.variables(host)
    except NotReadyError as error:
        return Service(host, {}, {}, [str(error)])
    given = _as_for_a_run(variables, inventory.loader)
    definitions = _import("plugin_utils.definition")
    values, findings = definitions.read_definition(given, Templar(inventory.loader, given), _around(inventory), WORK)
    refused = [each.sentence for each in findings if each.refuses]
    every = _import("module_utils._core.definition.variables").VARIABLES
    durations = {each.key: each.least for each in every if each.kind == "duration"}
    if refused:
        return Service(host, values, durations, refused)
    strategies = _import("module_utils._core.definition.strategies")
    steps = strategies.parse_strategy(values["strategy"], strategies.final_bake(values))
    baking = _import("module_utils._core.definition.steps").baking_seconds(steps, strategies.lag_of(values))
    return Service(host, values | {"strategy": [each.as_data() for each in steps]}, durations, [], baking)


def _around(inventory: Inventory) -> Any:
    """A play in which hooks are loaded as in the roles of the collection, whose modules have short names there."""
    from ansible.playbook.play import Play

    loader, known = inventory.loader, inventory.known
    play = Play.load({"hosts": "all", "collections": [COLLECTION]}, variable_manager=known, loader=loader)
    return _import("plugin_utils.hook_tasks").Around(loader, known, play)


def _as_for_a_run(given: Mapping[str, Any], loader: Any) -> dict[str, Any]:
    """With a release and an image, where the inventory has none that can be read: people name them when a run begins,
    and lookups may ask AWS for them."""
    named = dict(given)
    if not _is_readable(RELEASE, named, loader):
        named[RELEASE] = PLACEHOLDERS[RELEASE]
    for name in (IMAGE_ID, IMAGE):
        if not _is_readable(name, named, loader):
            named.pop(name, None)
    if named.keys().isdisjoint((IMAGE_ID, IMAGE)):
        named[IMAGE_ID] = PLACEHOLDERS[IMAGE_ID]
    return named


def _is_readable(name: str, given: dict[str, Any], loader: Any) -> bool:
    from ansible.template import Templar

    evaluated = _import("plugin_utils.evaluation").Evaluation(Templar(loader, given), given, [name]).values
    return not _import("module_utils._core.definition.values").is_unset(evaluated.get(name))


def _import(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"ansible_collections.{COLLECTION}.plugins.{name}")
    except ImportError as error:
        raise NotReadyError(
            f"The collection {COLLECTION} is not among Ansible's collections: run "
            f"ansible-galaxy collection install {COLLECTION}. ({error})"
        ) from error
