# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.values import (
    is_unset,
    nearest,
    quoted,
    read_boolean,
    read_duration,
    read_list,
    read_mapping,
    read_moment,
    read_number,
    read_percent,
    read_text,
    read_whole,
)

from tests.unit.plugins.module_utils._core.definition.reading import parse_yaml


@pytest.mark.parametrize(("given", "unset"), [(None, True), ("", True), (" \n", True), (0, False), ([], False)])
def test_blank_text_is_unset(given: Any, unset: bool) -> None:
    assert is_unset(given) is unset


@pytest.mark.parametrize(
    ("given", "seconds"),
    [(0, 0), ("0", 0), ("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1h30m", 5400), (" 1h 30m ", 5400)],
)
def test_durations(given: Any, seconds: int) -> None:
    assert read_duration(given) == seconds


@pytest.mark.parametrize("given", ["", " ", "m", "1.5h", "30m1h", "15 minutes", "1w", "h1", True, None, 1.5, [], "٣"])
def test_no_durations(given: Any) -> None:
    with pytest.raises(BluegreenError, match="not a duration"):
        read_duration(given)


@pytest.mark.parametrize(("given", "number"), [(5, 5), ("5", 5), (" 5 ", 5), (5.0, 5)])
def test_whole_numbers(given: Any, number: int) -> None:
    assert read_whole(given) == number


@pytest.mark.parametrize("given", ["5.0", "five", "", True, 5.5, float("nan"), float("inf"), None, "1" * 40])
def test_no_whole_numbers(given: Any) -> None:
    with pytest.raises(BluegreenError, match="not a whole number"):
        read_whole(given)


@pytest.mark.parametrize(("given", "percent"), [(10, 10), ("10", 10), ("10%", 10), ("10 %", 10)])
def test_percents(given: Any, percent: int) -> None:
    assert read_percent(given) == percent


@pytest.mark.parametrize(("given", "meant"), [(True, True), ("yes", True), ("No", False), ("false", False), (1, True)])
def test_booleans(given: Any, meant: bool) -> None:
    assert read_boolean(given) is meant


def test_no_boolean() -> None:
    with pytest.raises(BluegreenError, match="neither true nor false"):
        read_boolean("maybe")


@pytest.mark.parametrize("given", ["x", True, None, []])
def test_no_number(given: Any) -> None:
    with pytest.raises(BluegreenError, match="not a number"):
        read_number(given)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("a, b", ["a", "b"]),
        ("a\nb\n", ["a", "b"]),
        ('["a", 1]', ["a", 1]),
        ("- a\n- b: 1", ["a", {"b": 1}]),
        (("a",), ["a"]),
        ("a", ["a"]),
    ],
)
def test_lists(given: Any, meant: list[Any]) -> None:
    assert read_list(given, parse_yaml) == meant


@pytest.mark.parametrize("given", [{}, "a: 1", 5, True])
def test_no_lists(given: Any) -> None:
    with pytest.raises(BluegreenError, match="not a list"):
        read_list(given, parse_yaml)


@pytest.mark.parametrize("given", [{"a": 1}, '{"a": 1}', "{a: 1}", "a: 1"])
def test_mappings(given: Any) -> None:
    assert read_mapping(given, parse_yaml) == {"a": 1}


def test_without_yaml_only_json_is_read() -> None:
    assert read_mapping('{"a": 1}') == {"a": 1}
    with pytest.raises(BluegreenError, match="neither JSON nor YAML"):
        read_mapping("{a: 1}")


def test_moments_have_an_offset() -> None:
    moment = datetime(2027, 1, 4, 8, tzinfo=UTC)
    assert read_moment(moment) == read_moment(" 2027-01-04T08:00:00+00:00") == moment.isoformat()
    for given in (moment.replace(tzinfo=None), "tomorrow", 5, None):
        with pytest.raises(BluegreenError, match="offset from UTC"):
            read_moment(given)


def test_a_label_may_be_a_number() -> None:
    assert [read_text(each) for each in (" 1.4 ", 42, 1.5)] == ["1.4", "42", "1.5"]
    with pytest.raises(BluegreenError, match="true is not text"):
        read_text(True)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("alarm", "alarms"), ("bake", "bake_seconds"), ("quite_seconds", "quiet_seconds"), ("shed", None)],
)
def test_the_nearest_name(name: str, meant: str | None) -> None:
    assert nearest(name, ["alarms", "bake_seconds", "quiet_seconds", "quiet_timeout"]) == meant


def test_a_long_value_is_cut() -> None:
    assert quoted("x" * 1000).endswith("x…")
    assert quoted({"a": datetime(2027, 1, 4, tzinfo=UTC)}) == '{"a": "2027-01-04 00:00:00+00:00"}'
