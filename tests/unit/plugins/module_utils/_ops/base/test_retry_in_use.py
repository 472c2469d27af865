# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterable

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.errors import AwsError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.retry_in_use import when_free
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run

from tests.unit.clock import FakeClock


class Write:
    """A call that is refused with these codes, one after the other, and then goes through."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = iter(codes)
        self.made = 0

    def __call__(self) -> None:
        self.made += 1
        for code in self.codes:
            raise AwsError(f"AWS refused: {code}.", code)


@pytest.mark.parametrize("code", ["ResourceContention", "ResourceInUse", "ScalingActivityInProgress"])
def test_a_busy_group_is_waited_for(code: str) -> None:
    write = Write([code, code])
    when_free(Run(client=str, clock=FakeClock()), write)
    assert write.made == 3


def test_an_instance_profile_that_is_new_is_waited_for() -> None:
    refusals = iter(["Value (web) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"])

    def write() -> str:
        for refusal in refusals:
            raise AwsError(refusal, "ValidationError")
        return "made"

    assert when_free(Run(client=str, clock=FakeClock()), write) == "made"


def test_the_wait_has_an_end_and_tells_what_aws_said() -> None:
    clock = FakeClock()
    with pytest.raises(AwsError, match="AWS refused: ResourceInUse"):
        when_free(Run(client=str, clock=clock), Write(["ResourceInUse"] * 1000), timeout=30)
    assert clock.time == pytest.approx(30)


def test_any_other_refusal_is_an_error_at_once() -> None:
    write = Write(["ValidationError"])
    with pytest.raises(AwsError, match="ValidationError"):
        when_free(Run(client=str, clock=FakeClock()), write)
    assert write.made == 1
