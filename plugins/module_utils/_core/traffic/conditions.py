# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listener rule asks of a request, as ELBv2 returns it and as it takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.errors import BluegreenError

MAXIMUM_VALUES = 5  # ELBv2 quota: condition values per rule

Condition = Mapping[str, Any]


def resent(condition: Condition) -> dict[str, Any]:
    """AWS returns the hosts and paths of a condition in two places, and refuses them so.

    ("You cannot provide both Values and 'HostHeaderConfig'", aws-controllers-k8s/community#2759.)
    """
    if _config(condition) is condition:
        return dict(condition)
    return {key: value for key, value in condition.items() if key not in ("Values", "RegexValues")}


def with_header(conditions: Sequence[Condition], name: str, value: str) -> list[dict[str, Any]]:
    """The same requests, but only those that have the header."""
    header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": [value]}}
    return [*map(resent, conditions), header]


def check_values(conditions: Sequence[Condition]) -> None:
    count = sum(len(_values(condition)) for condition in conditions)
    if count > MAXIMUM_VALUES:
        raise BluegreenError(
            f"The test route's rule would have {count} condition values, the header and those of the production rule; "
            f"AWS allows {MAXIMUM_VALUES}. Give the test route a port of its own instead."
        )


def same(one: Sequence[Condition], other: Sequence[Condition]) -> bool:
    """Whether both ask the same of a request, whichever way they are spelled and ordered."""
    return set(map(_meaning, one)) == set(map(_meaning, other))


def plain_host(conditions: Sequence[Condition]) -> str | None:
    """A host that the conditions ask for by its full name."""
    hosts = [host for each in conditions if each["Field"] == "host-header" for host in _config(each).get("Values", [])]
    return next((host for host in hosts if not set(host) & set("*?")), None)


def _config(condition: Condition) -> Mapping[str, Any]:
    """The mapping that has the condition's values: its config, or, for hosts and paths, the condition itself."""
    return next((value for key, value in condition.items() if key.endswith("Config") and value), condition)


def _values(condition: Condition) -> list[Any]:
    config = _config(condition)
    return [*config.get("Values", []), *config.get("RegexValues", [])]


def _meaning(condition: Condition) -> tuple[str, str, frozenset[str]]:
    name = str(_config(condition).get("HttpHeaderName", "")).lower()
    return condition["Field"], name, frozenset(map(str, _values(condition)))
