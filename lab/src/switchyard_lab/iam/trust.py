# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may take on a role: its trust policy ("AWS JSON policy elements: Principal" in the IAM User Guide)."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from .conditions import Context
from .policy import Policy, Question, decide

ASSUME = "sts:AssumeRole"
ANYBODY = "*"


def trusts(
    role: Any, kind: str, names: Collection[str] | None, context: Context | None = None, action: str = ASSUME
) -> bool:
    """``kind``: of principal; ``names``: those by which the policy may call it, None where any will do."""
    statements = [
        {**{key: value for key, value in each.items() if key != "Principal"}, "Resource": "*"}
        for each in _listed(json.loads(role.assume_role_policy_document or "{}").get("Statement", []))
        if _names(each.get("Principal"), kind, names)
    ]
    return decide([Policy.of({"Statement": statements})], Question(action, context=context or {})) == "allowed"


def _names(principal: Any, kind: str, names: Collection[str] | None) -> bool:
    principals = {"AWS": ANYBODY} if principal == ANYBODY else principal or {}
    named = _listed(principals.get(kind, []))
    return bool(named) if names is None else any(each in names for each in named)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
