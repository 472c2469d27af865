# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How checks, metrics and strategies are read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..bake.metric_data import Side, all_queries
from ..bake.metrics import parse_metrics
from ..base.errors import BluegreenError
from ..checks.expectations import Check
from . import values
from .shapes import read_shape, read_shapes, read_unquoted
from .shapes_known import CHECK, MARK, METRIC
from .strategies import TYPES, parse_strategy
from .values import ParseYaml

# The placeholders for a color's own names in the dimensions and expressions of metrics.
PLACEHOLDERS = ("target_group", "load_balancer", "color", "auto_scaling_group")
DURATIONS = ("seconds", "bake_seconds", "interval_seconds", "final_bake_seconds")
PERCENTS = ("weight", "percent")


def read_checks(given: Any, parse_yaml: ParseYaml) -> list[dict[str, Any]]:
    """Nothing is quoted where a token may be."""
    listed = read_unquoted(values.read_list, "a list of checks", given, parse_yaml)
    checks = read_shapes("Check", CHECK, listed, short="path", secret=True)
    problems = []
    for number, check in enumerate(checks, 1):
        try:
            Check.parse(check)
        except BluegreenError as error:
            problems.append(f"Check {number}: {error}")
    if problems:
        raise BluegreenError(" ".join(problems))
    return checks


def read_mark(given: Any, parse_yaml: ParseYaml) -> dict[str, str]:
    said = read_shape(MARK, values.read_mapping(given, parse_yaml))
    mark = {key: value for key, value in said.items() if value}
    if len(mark) > 1:
        raise BluegreenError("It has header and json; only one of them can be used.")
    return mark


def read_metrics(given: Any, parse_yaml: ParseYaml) -> list[dict[str, Any]]:
    metrics = read_shapes("Metric", METRIC, values.read_list(given, parse_yaml), short="name")
    problems = [
        f"Metric {each['name']}: a threshold needs above or below."
        for each in metrics
        if each["threshold"] is not None and not {"above", "below"} & set(each["threshold"])
    ]
    problems += [
        f"Metric {each['name']}: namespace and metric_name of query {query['id']} go together."
        for each in metrics
        for query in each["queries"] or []
        if (query["namespace"] is None) != (query["metric_name"] is None)
    ]
    if problems:
        raise BluegreenError(" ".join(problems))
    unfilled = dict.fromkeys(PLACEHOLDERS, "")
    all_queries(parse_metrics(metrics), [Side("c", "the candidate", unfilled), Side("s", "stable", unfilled)])
    return metrics


def read_strategy(given: Any, parse_yaml: ParseYaml) -> Any:
    """A name, a mapping, or a list of steps. ``10,50,100`` is a list of steps."""
    said = _steps_or_name(given, parse_yaml)
    if isinstance(said, list):
        said = [_numbers(each) if isinstance(each, Mapping) else {"weight": _percent(each)} for each in said]
    elif isinstance(said, Mapping):
        said = _numbers(said)
    _check_name(said)
    parse_strategy(said)
    return said


def _steps_or_name(given: Any, parse_yaml: ParseYaml) -> Any:
    """Text that is one word is a name, unless it is a number."""
    if isinstance(given, int) and not isinstance(given, bool):
        return [given]
    if not isinstance(given, str):
        return list(given) if isinstance(given, tuple) else given
    with suppress(BluegreenError):
        return values.read_mapping(given, parse_yaml)
    parts = values.read_list(given, parse_yaml)
    if len(parts) == 1 and isinstance(parts[0], str) and not parts[0].rstrip("%").isdigit():
        return parts[0]
    return parts


def _check_name(said: Any) -> None:
    """The parser of strategies knows every name; here is what was meant."""
    name = said.get("type") if isinstance(said, Mapping) else said
    if not isinstance(name, str) or name in TYPES or not name[:1].islower():
        return
    if near := values.nearest(name, TYPES):
        raise BluegreenError(f"There is no strategy {name}. Did you mean {near}?")


def _numbers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Durations and percents as whole numbers. What is neither stays, and the parser of strategies says so."""
    return {key: _number(key, value) for key, value in given.items()}


def _number(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _numbers(value)
    with suppress(BluegreenError):
        if key in DURATIONS:
            return values.read_duration(value)
        if key in PERCENTS:
            return values.read_percent(value)
    return value


def _percent(given: Any) -> Any:
    """The parser of steps reports what is wrong with a malformed weight."""
    try:
        return values.read_percent(given)
    except BluegreenError:
        return given
