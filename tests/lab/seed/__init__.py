# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample infrastructure: what a team that uses blue/green already has, made over the wire as they would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .account import Account
from .inventory import write_inventory
from .service import SampleService


def seed(endpoint: str, cidr: str, services: Sequence[str], inventory: Path) -> None:
    """Make the sample services, wait until they serve, write their inventory."""
    account = Account(endpoint, cidr)
    network, images = account.network(), account.images()
    made = [SampleService(name, account, network, images) for name in services]
    for service in made:
        service.await_healthy()
    write_inventory(inventory, {service.name: service.definition() for service in made}, images)
