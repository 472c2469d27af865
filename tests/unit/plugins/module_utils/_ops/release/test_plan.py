# SPDX-License-Identifier: GPL-3.0-or-later
"""When a plan begins."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.release.plan import PlanOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.release.plan import plan

from tests.unit.clock import FakeClock


def test_one_of_many_services_waits_before_its_first_call_and_says_so() -> None:
    clock, said = FakeClock(), list[str]()
    options = PlanOptions(definition={}, begins_after=70)
    with pytest.raises(BluegreenError, match="definition lacks"):
        plan(options, Run(no_aws, clock=clock, report=said.append))
    assert clock.now() == 70
    assert said[0] == "begins in 1 min 10 s, because many services of this play begin at the same time"
    assert len(said) == 3, "a sign of life every 30 s"
