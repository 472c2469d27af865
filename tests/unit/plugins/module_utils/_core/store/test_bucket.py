# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.address import Address
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.bucket import SID, expire, require_tls

ARN = "arn:aws:s3:::example-releases"
AUDIT = {"Sid": "Audit", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}
LOGS = {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 7}}
PLACE = Address("s3", "example-releases", "bluegreen")


def test_a_statement_is_added_once() -> None:
    policy = require_tls({}, ARN)
    assert (policy["Version"], [each["Sid"] for each in policy["Statement"]]) == ("2012-10-17", [SID])
    assert require_tls(policy, ARN) == policy


@pytest.mark.parametrize("statements", [AUDIT, [AUDIT]])
def test_other_statements_stay(statements: Any) -> None:
    policy = {"Version": "2008-10-17", "Id": "theirs", "Statement": statements}
    ours = require_tls(policy, ARN)
    assert (ours["Version"], ours["Id"], ours["Statement"][0]) == ("2008-10-17", "theirs", AUDIT)
    assert [each["Sid"] for each in ours["Statement"]] == ["Audit", SID]


def test_somebody_elses_statement_that_says_the_same_is_enough() -> None:
    (statement,) = require_tls({}, ARN)["Statement"]
    theirs = {**statement, "Sid": "TlsOnly", "Principal": {"AWS": "*"}, "Action": ["s3:*"]}
    policy = {"Statement": [theirs]}
    assert require_tls(policy, ARN) == policy


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Resource": f"{ARN}/*"},
        {"Action": "s3:GetObject"},
        {"Condition": {}},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
    ],
)
def test_a_statement_of_ours_that_was_changed_is_put_right(change: dict[str, Any]) -> None:
    (statement,) = require_tls({}, ARN)["Statement"]
    assert require_tls({"Statement": [{**statement, **change}]}, ARN)["Statement"] == [statement]


def test_a_rule_is_added_once_and_others_stay() -> None:
    rules = expire([LOGS], PLACE, 400, 30)
    assert rules[0] == LOGS
    assert rules[1]["Filter"] == {"Prefix": "bluegreen/"}
    assert expire(rules, PLACE, 400, 30) == rules
    changed = expire(rules, PLACE, 0, 30)
    assert [rule["ID"] for rule in changed] == ["logs", "bluegreen bluegreen/"]
    assert "Expiration" not in changed[1]


def test_each_prefix_has_a_rule_of_its_own() -> None:
    rules = expire(expire([], PLACE, 400, 30), Address("s3", "example-releases"), 30, 7)
    assert [(rule["ID"], rule["Filter"]["Prefix"]) for rule in rules] == [
        ("bluegreen bluegreen/", "bluegreen/"),
        ("bluegreen", ""),
    ]


def test_a_prefix_in_its_old_place_is_put_where_s3_takes_it_beside_ours() -> None:
    old = {"ID": "old", "Status": "Enabled", "Prefix": "logs/", "Expiration": {"Days": 7}}
    new = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 7}}
    rules = expire([old], PLACE, 400, 30)
    assert rules[0] == new
    assert expire([old, rules[1]], PLACE, 400, 30) == [old, rules[1]]


@pytest.mark.parametrize(("keep", "versions"), [(-1, 30), (400, 0)])
def test_days_that_s3_does_not_take_are_refused(keep: int, versions: int) -> None:
    with pytest.raises(BluegreenError, match="keep_versions_days 1 or more"):
        expire([], PLACE, keep, versions)
