# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens an inventory as ansible-playbook does, also with vault passwords from the same settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

STRUCTURED = (".yml", ".yaml", ".json")
VAULT = " Set ANSIBLE_VAULT_PASSWORD_FILE to a file with the password, as for ansible-playbook."


class NotReadyError(Exception):
    """What is needed for a rehearsal and is not there, in a sentence for people."""


@dataclass(frozen=True)
class Inventory:
    """``hosts`` are names. ``loader`` is Ansible's, with which templates and files are read."""

    loader: Any
    hosts: Mapping[str, Any]
    known: Any

    def variables(self, host: str) -> dict[str, Any]:
        from ansible.errors import AnsibleError

        try:
            found: dict[str, Any] = self.known.get_vars(host=self.hosts[host])
        except AnsibleError as error:
            raise NotReadyError(f"The variables of {host} cannot be read: {_reason(error)}") from error
        return found


def open_inventory(source: str, pattern: str) -> Inventory:
    """With the hosts that match the pattern."""
    _prepare()
    from ansible.errors import AnsibleError
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader
    from ansible.vars.manager import VariableManager

    loader = DataLoader()
    try:
        loader.set_vault_secrets(_vault_secrets(loader))
        _check(source, loader)
        manager = InventoryManager(loader, sources=[source])
        known = VariableManager(loader, manager)
        hosts = {host.name: host for host in manager.get_hosts(pattern)}
    except AnsibleError as error:
        raise NotReadyError(f"{source} cannot be read: {_reason(error)}") from error
    if not hosts:
        raise NotReadyError(f"{source} has no host that matches {pattern}. Name others with --limit.")
    return Inventory(loader, hosts, known)


@cache
def _prepare() -> None:
    """Ansible finds installed collections."""
    try:
        from ansible.plugins.loader import init_plugin_loader
    except ImportError:
        raise NotReadyError("A rehearsal runs playbooks: install ansible-core where the lab is installed.") from None
    init_plugin_loader()


def _vault_secrets(loader: Any) -> Any:
    """From Ansible's configuration. They are for encrypted files, and once in a process for encrypted values."""
    from ansible.cli import CLI
    from ansible.constants import config
    from ansible.parsing.vault import VaultSecretsContext

    return CLI.setup_vault_secrets(
        loader,
        vault_ids=config.get_config_value("DEFAULT_VAULT_IDENTITY_LIST"),
        auto_prompt=False,
        initialize_context=VaultSecretsContext.current(optional=True) is None,
    )


def _check(source: str, loader: Any) -> None:
    """Of a file that it cannot read, Ansible only warns, and continues without its hosts."""
    path = Path(source)
    if "," in source:
        return  # a list of hosts
    if not path.exists():
        raise NotReadyError(f"There is no inventory {source}.")
    if path.is_file() and path.suffix in STRUCTURED and not isinstance(loader.load_from_file(str(path)), Mapping):
        raise NotReadyError(f"{source} is not an inventory, which is a mapping of groups with their hosts.")


def first_line(error: Exception) -> str:
    """Of what it says, as a sentence."""
    return f"{next(filter(None, map(str.strip, str(error).splitlines())), type(error).__name__).rstrip('.')}."


def _reason(error: Exception) -> str:
    said, number = first_line(error), getattr(getattr(error, "obj", None), "line_num", None)
    line = f"Line {number}: " if number else ""
    return f"{line}{said}{VAULT if 'vault' in said.lower() else ''}"
