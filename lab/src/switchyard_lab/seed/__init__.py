# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample infrastructure: what a team that uses blue/green already has, made over the wire as they would."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..iam.users import make_user
from .account import Account, Network
from .inventory import Timing, write_inventory
from .records import RecordService
from .service import SampleService


def seed(endpoint: str, cidr: str, services: Sequence[str], inventory: Path, timing: Timing) -> None:
    """Make the sample services, wait until they serve, write their inventory.

    A service is a name, behind a listener; or a name and what its DNS records are, as in ``shop:alias``.
    """
    account = Account(endpoint, cidr)
    network, images = account.network(), account.images()
    made = [_make(service, account, network, images) for service in services]
    for service in made:
        service.await_healthy()
    write_inventory(inventory, {service.name: service.definition() for service in made}, images, timing)


def user(endpoint: str, policy: Path) -> dict[str, str]:
    """Keys that may do what the policy of this file allows."""
    iam = Account(endpoint, "").client("iam")
    return make_user(iam, policy.stem, json.loads(policy.read_text(encoding="utf-8")))


def _make(service: str, account: Account, network: Network, images: Mapping[str, str]) -> SampleService:
    name, _colon, kind = service.partition(":")
    if not kind:
        return SampleService(name, account, network, images)
    return RecordService(name, account, network, images, kind)
