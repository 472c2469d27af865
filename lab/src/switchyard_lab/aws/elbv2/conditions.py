# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in the conditions of rules, and how it returns them; moto accepts nearly all of it."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from moto.elbv2.exceptions import ELBClientError

Condition = dict[str, Any]

VALUES_PER_RULE = 5
WILDCARDS_PER_RULE = 6
PRIORITIES = range(1, 50001)  # RulePriority in the service model
CONFIGS = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}
# "Each rule can optionally include up to one of each of the following conditions" (RuleCondition in the API reference)
ONCE = ("host-header", "http-request-method", "path-pattern", "source-ip")
WITH_REGEX = ("host-header", "http-header", "path-pattern")
METHOD = re.compile(r"[A-Z_-]{1,40}")


def check_priority(priority: int) -> None:
    if priority not in PRIORITIES:
        raise _refused(f"Rule priority '{priority}' must be between {PRIORITIES[0]} and {PRIORITIES[-1]}")


def check_conditions(conditions: Sequence[Condition]) -> None:
    """At most five values and six wildcards in a rule, each in one place, and each value one that AWS takes."""
    fields = Counter(condition["Field"] for condition in conditions)
    for field in ONCE:
        if fields[field] > 1:
            raise _refused(f"A rule can have only one '{field}' condition")
    for condition in conditions:
        _check_spelling(condition)
        _check_values(condition["Field"], condition)
    values = [value for condition in conditions for value in values_of(condition) + regexes_of(condition)]
    if len(values) > VALUES_PER_RULE:
        raise _refused(f"A rule can have {VALUES_PER_RULE} condition values")
    plain = [value for condition in conditions for value in values_of(condition)]
    if sum(value.count("*") + value.count("?") for value in plain) > WILDCARDS_PER_RULE:
        raise _refused(f"A rule can have {WILDCARDS_PER_RULE} wildcards")


def described(condition: Condition) -> Condition:
    """Hosts and paths are told in two places, whichever of them they came in."""
    config = CONFIGS.get(condition["Field"])
    if config is None or regexes_of(condition):
        return condition
    values = values_of(condition)
    return {"Field": condition["Field"], "Values": values, config: {"Values": values}}


def values_of(condition: Condition) -> list[str]:
    for config in _places(condition):
        if config.get("Values"):
            return [value["Value"] if isinstance(value, dict) else value for value in config["Values"]]
    return []


def regexes_of(condition: Condition) -> list[str]:
    return [value for config in _places(condition) for value in config.get("RegexValues") or []]


def _places(condition: Condition) -> list[Condition]:
    return [condition, *(value for value in condition.values() if isinstance(value, dict))]


def _check_spelling(condition: Condition) -> None:
    field, config = condition["Field"], CONFIGS.get(condition["Field"])
    if condition.get("Values") and config in condition:
        raise _refused(f"You cannot provide both Values and '{config}' for a condition of type '{field}'")
    if regexes_of(condition) and field not in WITH_REGEX:
        raise _refused(f"Regular expressions are not supported by conditions of type '{field}'")
    if not values_of(condition) and not regexes_of(condition):
        raise _refused("A condition value must be specified")
    for regex in regexes_of(condition):
        if not _compiles(regex):
            raise _refused(f"The regular expression '{regex}' is not valid")


def _check_values(field: str, condition: Condition) -> None:
    """As the API reference describes each kind of condition (HostHeaderConditionConfig and its siblings)."""
    values = values_of(condition)
    if field == "http-header" and condition["HttpHeaderConfig"].get("HttpHeaderName", "").lower() == "host":
        raise _refused("You can't use an HTTP header condition to specify the host header. Use a host condition")
    if field == "host-header" and not all("." in value for value in values):
        raise _refused(f"A host name must have at least one '.' character; given: {', '.join(values)}")
    if field == "http-request-method" and not all(METHOD.fullmatch(value) for value in values):
        raise _refused(f"A request method has the characters A-Z, hyphen and underscore; given: {', '.join(values)}")
    if field == "source-ip" and not all(_is_block(value) for value in values):
        raise _refused(f"A source IP condition takes CIDR blocks; given: {', '.join(values)}")


def _compiles(regex: str) -> bool:
    try:
        re.compile(regex)
    except re.error:
        return False
    return True


def _is_block(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return "/" in value


def _refused(message: str) -> ELBClientError:
    return ELBClientError("ValidationError", message)
