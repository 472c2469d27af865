# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of composite alarms."""

from __future__ import annotations

import pytest

from switchyard_lab.aws.cloudwatch.composite import RuleError, parse

STATES = {"bad": "ALARM", "good": "OK", "new": "INSUFFICIENT_DATA", "with space": "ALARM"}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("TRUE", True),
        ("FALSE", False),
        ("NOT FALSE", True),
        ("ALARM(bad)", True),
        ('ALARM("bad")', True),
        ('  ALARM( "with space" )\n', True),
        ("ALARM(good)", False),
        ("OK(good) AND INSUFFICIENT_DATA(new)", True),
        ("ALARM(good) OR ALARM(bad)", True),
        ("ALARM(bad) AND NOT ALARM(good)", True),
        # AND binds closer than OR, NOT closer than both.
        ("TRUE OR TRUE AND FALSE", True),
        ("(TRUE OR TRUE) AND FALSE", False),
        ("NOT TRUE OR TRUE", True),
        ("NOT (TRUE OR TRUE)", False),
        ("NOT NOT ALARM(bad)", True),
        ("ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:bad)", True),
        # An alarm that does not exist is in no state.
        ("ALARM(gone) OR OK(gone) OR INSUFFICIENT_DATA(gone)", False),
        # A name may hold an operator's word.
        ('ALARM("bad") AND NOT ALARM("AND OR NOT TRUE")', True),
    ],
)
def test_truth(rule: str, holds: bool) -> None:
    assert parse(rule).holds(STATES) is holds


def test_children_are_named_once_each() -> None:
    rule = parse('ALARM(a) OR (OK("b c") AND ALARM(a)) OR OK(arn:aws:cloudwatch:eu-west-1:1:alarm:d:e)')
    assert rule.children == ("a", "b c", "d:e")


@pytest.mark.parametrize(
    "rule",
    ["", "()", "ALARM()", "ALARM", "alarm(a)", "TRUE TRUE", "TRUE(TRUE)", "ALARM(a) AND", "NOT", "(TRUE", "a", "1"],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(RuleError, match="not a valid expression"):
        parse(rule)
