# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the pattern to the stand-in, with the real modules of awx.awx."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.playing import started

from .data import PATTERN, ROOT, SITE
from .objects import Stored
from .server import ROOT as API
from .server import serving

CHANGED = re.compile(r"changed=(\d+)")


@dataclass(frozen=True)
class Applied:
    """``writes`` counts requests that were to change something, by endpoint. ``made`` is what the controller has."""

    returncode: int
    output: str
    changed: int
    writes: Mapping[str, int]
    made: Sequence[Stored]

    def of(self, endpoint: str) -> dict[str, dict[str, Any]]:
        """The fields of the objects of the endpoint, by name."""
        return {each.fields["name"]: each.fields for each in self.made if each.endpoint == endpoint}


def apply_twice() -> list[Applied]:
    given = [item for name, value in SITE.items() for item in ("-e", f"{name}={value}")]
    runs = []
    with serving(ROOT) as controller:
        for _ in range(2):
            controller.asked.clear()
            code, output, errors = started(
                [str(PATTERN / "playbooks/configure.yml"), *given],
                os.environ | controller.environment | {"ANSIBLE_NOCOLOR": "1"},
                600,
            )
            changed = CHANGED.search(output)
            writes = Counter(path.removeprefix(API).split("/")[0] for _method, path in controller.asked)
            made = list(controller.objects.by_id.values())
            runs.append(Applied(code, output + errors, int(changed.group(1)) if changed else 0, writes, made))
    return runs
