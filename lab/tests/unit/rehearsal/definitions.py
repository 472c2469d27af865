# SPDX-License-Identifier: GPL-3.0-or-later
"""A service in an inventory, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from switchyard_lab.rehearsal.services import Service, read_services

ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
LISTENER = f"{ELB}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
DEFINITION: dict[str, Any] = {
    "bluegreen_routes": [LISTENER],
    "bluegreen_target_groups": {"blue": "web-blue", "green": "{{ inventory_hostname }}-green"},
}


def read(folder: Path, **definition: Any) -> Service:
    inventory = folder / "services.yml"
    inventory.write_text(yaml.safe_dump({"bluegreen": {"hosts": {"web": DEFINITION | definition}}}), encoding="utf-8")
    return read_services(str(inventory), "bluegreen")[0]
