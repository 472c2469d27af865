# SPDX-License-Identifier: GPL-3.0-or-later
"""What http_check sends is in nothing that it returns, in both ways to run it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.conftest import Ask
from tests.unit.plugins.module_utils._ops.checks.proving import Answer, Request, route

# Ansible removes values of no_log wherever they stand, and would make "requests: ***" of a header that is 1.
HEADERS = {"Authorization": "Bearer t0ken-s3cr3t", "X-Number": 1, "X-Bluegreen-Test": "candidate"}
CHECKS = [{"path": "/a?key=query-s3cr3t"}, {"method": "POST", "body": {"password": "body-s3cr3t", "number": 1}}]


def refusing(request: Request) -> Answer:
    """Repeats all that was sent."""
    return Answer(401, body=f"{request.path} {json.dumps(dict(request.headers))} {request.body}")


@pytest.mark.parametrize("check", [False, True])
def test_no_result_has_it(ask: Ask, check: bool) -> None:
    with route(refusing) as candidate:
        result = ask("http_check", check=check, url=candidate.url, headers=HEADERS, checks=CHECKS)
    assert "s3cr3t" not in json.dumps(result, default=str)
    assert result["requests"] == (0 if check else 5)
    if not check:
        assert result["msg"].startswith(f"What answers at {candidate.url} is not as it should be: 1. GET /a?***: ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": "soon"},
        {"checks": [{**CHECKS[0], "repetitions": "often"}, CHECKS[1]]},
        {"nothing": True},
        {"url": "https://kim:s3cr3t@example.com"},
        {"url": "https://example.com/?key=s3cr3t"},
        {"headers": {"Authorization": "s3cr3t\n"}},
    ],
)
def test_an_option_that_is_refused_shows_no_other_one(ask: Ask, wrong: dict[str, Any]) -> None:
    result = ask("http_check", **{"url": "http://127.0.0.1:9", "headers": HEADERS, "checks": CHECKS, **wrong})
    assert result["failed"]
    assert "s3cr3t" not in json.dumps(result, default=str)
