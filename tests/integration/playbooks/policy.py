# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM policies in docs/, held against the calls that were made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.playing import ROOT

# IAM's prefixes, where they are not the service's name.
PREFIXES = {"elbv2": "elasticloadbalancing", "monitoring": "cloudwatch"}


def not_allowed(calls: Iterable[Mapping[str, Any]], *policies: str) -> set[str]:
    """The actions of these calls that none of the policies allows."""
    made = {f"{PREFIXES.get(call['service'], call['service'])}:{call['operation']}" for call in calls}
    return made - {action for policy in policies for action in actions(policy)}


def actions(policy: str) -> set[str]:
    document = json.loads((ROOT / "docs" / policy).read_text(encoding="utf-8"))
    found: set[str] = set()
    for statement in document["Statement"]:
        listed = statement["Action"]
        found |= {listed} if isinstance(listed, str) else set(listed)
    return found
