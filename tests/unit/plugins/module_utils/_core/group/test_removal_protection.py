# SPDX-License-Identifier: GPL-3.0-or-later
"""What guards a group against its removal."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal_protection import (
    guards_of,
    lacking_guards,
    lifted_guards,
)

PROTECTION = {"DeletionProtection": "prevent-all-deletion"}
RETENTION = {"InstanceLifecyclePolicy": {"RetentionTriggers": {"TerminateHookAbandon": "retain"}}}
ENDING = {"InstanceLifecyclePolicy": {"RetentionTriggers": {"TerminateHookAbandon": "terminate"}}}


@pytest.mark.parametrize("group", [{}, {"DeletionProtection": "none"}, {"InstanceLifecyclePolicy": {}}, ENDING])
def test_a_group_without_guards(group: dict[str, Any]) -> None:
    assert (guards_of(group), lifted_guards(group)) == ({}, {})


def test_what_is_on_is_lifted_and_nothing_else() -> None:
    assert lifted_guards({**PROTECTION, "MaxSize": 3}) == {"DeletionProtection": "none"}
    assert lifted_guards({**PROTECTION, **RETENTION}) == {"DeletionProtection": "none", **ENDING}


def test_a_group_gets_what_it_lacks_of_the_guards_of_another() -> None:
    assert lacking_guards({}, {**PROTECTION, **RETENTION}) == {**PROTECTION, **RETENTION}
    assert lacking_guards(PROTECTION, {**PROTECTION, **RETENTION}) == RETENTION
    assert lacking_guards(PROTECTION, {}) == {}
