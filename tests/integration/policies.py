# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM policies in docs/iam/, and users who have them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.iam.policy import Policy, Question, decide
from tests.playing import ROOT

FOLDER = ROOT / "docs/iam"
NUMBERS = itertools.count(1)


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def limited(lab: LabProcess, *names: str) -> dict[str, str]:
    """The environment of somebody with no permissions but those of these policies."""
    return lab.user(f"{names[0]}-{next(NUMBERS)}", *map(document, names))


def needless(name: str, asked: Sequence[Question]) -> list[str]:
    """Its statements without which everything that was asked would be allowed as well."""
    statements = document(name)["Statement"]
    others = {each["Sid"]: [other for other in statements if other is not each] for each in statements}
    return [sid for sid, rest in others.items() if not _denied(Policy.of({"Statement": rest}), asked)]


def asked_in(calls: Iterable[Mapping[str, Any]]) -> list[Question]:
    """What these calls asked of the policies of their caller."""
    return [Question(**each) for call in calls for each in call["asked"]]


def _denied(policy: Policy, asked: Sequence[Question]) -> bool:
    return any(decide([policy], each) != "allowed" for each in asked)
