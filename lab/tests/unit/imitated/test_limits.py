# SPDX-License-Identifier: GPL-3.0-or-later
"""A request that has more of something than AWS takes is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from moto.core.utils import get_service_model

from switchyard_lab.calls.request import Request
from switchyard_lab.imitated.limits import MOST, too_much

LIMITS = [
    pytest.param(service, operation, member, most, id=f"{operation}-{member}")
    for service, operations in MOST.items()
    for operation, members in operations.items()
    for member, most in members.items()
]


@pytest.mark.parametrize(("service", "operation", "member", "most"), LIMITS)
def test_as_much_as_aws_takes_and_no_more(service: str, operation: str, member: str, most: int) -> None:
    assert member in get_service_model(service).operation_model(operation).input_shape.members

    def asked(count: int) -> Request:
        return cast(Request, SimpleNamespace(service=service, operation=operation, parameters={member: ["x"] * count}))

    assert too_much(asked(most)) is None
    assert too_much(asked(most + 1)) == f"{operation} takes at most {most} of {member}; given: {most + 1}"
    other = SimpleNamespace(service=service, operation=operation, parameters={})
    assert too_much(cast(Request, other)) is None
