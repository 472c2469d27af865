# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of the sample services."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]


def write_inventory(path: Path, services: Mapping[str, dict[str, Any]], images: Mapping[str, str]) -> None:
    """A deploy names a release; the inventory finds its image."""
    shared = {
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "bluegreen_images": dict(images),
        "bluegreen_propagation_timeout": 10,  # a minute of CloudWatch is 3 s, at the speed of most of the labs
        "bluegreen_final_bake_seconds": 1,  # its metrics come without delay
        "bluegreen_image_id": "{{ bluegreen_images[bluegreen_release] }}",
    }
    inventory = {"bluegreen": {"hosts": dict(services), "vars": shared}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + yaml.safe_dump(inventory, sort_keys=False), encoding="utf-8")
