# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic import kinds as of_core
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.traffic import kinds as of_ops


def test_each_kind_that_can_be_described_can_be_read_and_written() -> None:
    assert list(of_ops.KINDS) == of_core.KINDS
