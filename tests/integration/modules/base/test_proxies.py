# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy that answers in the place of AWS, with a page to sign in, is reported as what it is."""

from __future__ import annotations

import pytest

from switchyard_lab.client import LabProcess
from tests.integration.conftest import Ask
from tests.sample import SERVICE, Sample


@pytest.mark.parametrize("operation", ["DescribeListeners", "DescribeTags", "DescribeAutoScalingGroups"])
def test_a_page_is_no_answer(ask: Ask, lab: LabProcess, operation: str) -> None:
    given = Sample(lab).definition
    lab.fault(operation=operation, html=True, times=3)  # each attempt of the one call
    where = {"routes": given["bluegreen_routes"], "target_groups": given["bluegreen_target_groups"]}
    result = ask("service_info", service=SERVICE, **where)
    assert result["failed"]
    assert "is not AWS, but perhaps a proxy" in result["msg"]
    assert "<html>" not in result["msg"]
