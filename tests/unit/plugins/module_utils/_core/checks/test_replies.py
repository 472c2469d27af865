# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.replies import (
    AnswerMark,
    Reply,
    latency,
)

DOCUMENT = json.dumps({"build": {"release": "1.1.0"}, "nodes": [{"id": "a"}, {"id": "b"}], "none": None})


@pytest.mark.parametrize(
    ("path", "value"), [("build.release", "1.1.0"), ("nodes.1.id", "b"), ("none", None), ("nodes.0", {"id": "a"})]
)
def test_a_dotted_path_leads_into_objects_and_lists(path: str, value: object) -> None:
    assert Reply(1, 200, body=DOCUMENT).value(path) == value


@pytest.mark.parametrize("path", ["build.version", "nodes.2", "nodes.x", "build.release.major", "none.at.all"])
def test_a_path_that_leads_nowhere_is_told(path: str) -> None:
    with pytest.raises(LookupError, match="nothing there"):
        Reply(1, 200, body=DOCUMENT).value(path)


def test_a_body_that_is_not_json_is_told() -> None:
    with pytest.raises(LookupError, match="not JSON"):
        Reply(1, 200, body="<html>").value("build")


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        (AnswerMark(header="X-RELEASE"), "1.2.0"),
        (AnswerMark(header="X-Other"), None),
        (AnswerMark(json="build.release"), "1.1.0"),
        (AnswerMark(json="build.other"), None),
        (AnswerMark(json="none"), None),
        (AnswerMark(json="build"), None),
    ],
)
def test_a_mark_is_a_header_in_any_case_or_a_json_value(mark: AnswerMark, found: str | None) -> None:
    assert mark.read(Reply(1, 200, {"x-release": "1.2.0"}, DOCUMENT)) == found


def test_a_finding_shows_the_beginning_of_a_long_body() -> None:
    assert Reply(1, 500, body="x" * 201).excerpt() == f'with body "{"x" * 200}…"'
    assert Reply(1, 500, body="x" * 200).excerpt() == f'with body "{"x" * 200}"'


def test_latency_is_in_percentiles() -> None:
    assert latency([float(taken) for taken in range(100, 0, -1)]) == {"p50": 50.0, "p95": 95.0, "max": 100.0}
    assert latency([]) == {"p50": None, "p95": None, "max": None}
