# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of what EC2 lists."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

Item = TypeVar("Item")


def page(found: Sequence[Item], asked: Mapping[str, Any]) -> tuple[Sequence[Item], str | None]:
    """With the token of the next one."""
    start, size = int(asked.get("NextToken") or 0), int(asked.get("MaxResults") or len(found) or 1)
    end = start + size
    return found[start:end], str(end) if end < len(found) else None


def paged(
    response: EC2Response, describe: Callable[[], ActionResult], wanted: Callable[[Any], bool] = bool
) -> ActionResult:
    """Of launch templates and their versions, moto leaves out what comes after the first 15, and gives no token."""
    asked = response.params
    response.params = {**asked, "MaxResults": sys.maxsize}
    ((field, every),) = cast(dict[str, list[Any]], describe().result).items()
    shown, following = page(list(filter(wanted, every)), asked)
    return ActionResult({field: shown, "NextToken": following})
