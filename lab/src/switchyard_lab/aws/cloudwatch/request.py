# SPDX-License-Identifier: GPL-3.0-or-later
"""What the CloudWatch operations of the lab share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar, cast

from moto.cloudwatch.exceptions import CloudWatchException, ValidationError
from moto.cloudwatch.responses import CloudWatchResponse

if TYPE_CHECKING:
    from .backend import LabCloudWatch

Item = TypeVar("Item")


class InvalidNextToken(CloudWatchException):
    code = "InvalidNextToken"


class LabRequest(CloudWatchResponse):
    """moto makes one of these for each request."""

    @property
    def lab(self) -> LabCloudWatch:
        return cast("LabCloudWatch", self.cloudwatch_backend)

    def page(self, items: Sequence[Item], largest: int) -> tuple[Sequence[Item], str | None]:
        """The page of `items` that NextToken asks for, of at most MaxRecords, and the token of the next one."""
        token = self._get_param("NextToken") or "0"
        if not token.isdecimal():
            raise InvalidNextToken(f"The token {token} is invalid.")
        begin = int(token)
        end = begin + int(self._get_param("MaxRecords") or largest)
        return items[begin:end], str(end) if end < len(items) else None


@contextmanager
def refusal() -> Iterator[None]:
    """A ValueError says what is wrong with the request."""
    try:
        yield
    except ValueError as error:
        raise ValidationError(str(error)) from error


def seconds(time: datetime) -> float:
    """moto reads times as naive UTC."""
    return time.replace(tzinfo=UTC).timestamp()
