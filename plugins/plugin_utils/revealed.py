# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan conceals, for the task that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ..module_utils._core.base.untagged import untagged
from ..module_utils._core.checks.sent import HIDDEN
from ..module_utils._core.definition.service import SECRET, concealed_checks, concealed_headers
from .definition import read_variable

CHECKS, TEST_ROUTE = "bluegreen_checks", "bluegreen_test_route"


def revealed(
    args: Mapping[str, Any], variables: Mapping[str, Any], templar: Templar, loader: DataLoader
) -> dict[str, Any]:
    """Options of http_check that are as a plan shows them, with what the variables of the service say."""
    found = {}
    if has_concealed(headers := untagged(args.get("headers"))):
        said = read_variable(TEST_ROUTE, variables, templar, loader).get("headers", {})
        found["headers"] = _same(TEST_ROUTE, said, concealed_headers(said) == headers)
    if has_concealed(checks := untagged(args.get("checks"))):
        said = read_variable(CHECKS, variables, templar, loader)
        found["checks"] = _same(CHECKS, said, concealed_checks(said) == checks)
    return found


def has_concealed(value: Any) -> bool:
    if isinstance(value, str):
        return value == SECRET or value.endswith(f"?{HIDDEN}")
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(map(has_concealed, parts))


def _same(name: str, said: Any, same: bool) -> Any:
    if not same:
        raise AnsibleActionFail(
            f"{name} is not what it was when the run was planned, or cannot be read any more. Run the playbook again."
        )
    return said
