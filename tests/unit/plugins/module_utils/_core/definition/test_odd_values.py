# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a variable is set to: it is read, or refused with a sentence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import parse
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.readers import Help
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.service import Definition, as_data
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.shapes_known import (
    CHECK,
    IMAGE_RULE,
    METRIC,
    TARGET,
    TEST_ROUTE,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import BY_NAME
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.definition import parse_yaml
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.hook_file import check_hook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.plugins.module_utils._core.definition.described import SERVICE
from tests.unit.plugins.module_utils._core.definition.mistakes import MISTAKES
from tests.unit.plugins.module_utils._core.definition.texts import TEXTS
from tests.unit.plugins.plugin_utils.playing import a_play

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12)
)
TEXT = [
    *("", "\0", "a\0b", "\ud800", "a\udfffb", "\r\n", "\x1b[31m", "é" * 300, "x" * 20_000, "9" * 5000, "-1", "1e999"),
    *(
        "nan",
        "inf",
        "[" * 20_000,
        "[" * 900 + "]" * 900,
        "{a: " * 900,
        "- " * 900,
        '{"a": ' * 20_000,
        BOMB,
        "&a [*a]",
    ),
    *('["\\ud800"]', '{"a\\u0000": 1}', "!!python/object:os.system x", "!!binary x", "{{ x }}", "{% x %}", "a: b: c"),
    *("arn:", "arn:aws", "arn:::::", "arn:aws:elasticloadbalancing:eu-west-1:1:listener", "arn:aws:sns:::x", "s3://"),
    *("http://[", "http://a:b", "http://\ud800", "file:///\0", "2027-13-45", "0000-00-00T00:00:00Z", "99999999999d"),
]
DEEP: Any = "x"
for _level in range(2000):
    DEEP = [DEEP]
ODD = [None, True, -1, 0, 10**20, 10**5000, -(10**5000), 1.5, float("nan"), float("inf"), DEEP, *TEXT]
ODD += [date(2027, 1, 1), datetime(1, 1, 1, tzinfo=UTC), b"bytes", (), set(), object()]
USUAL = [*(each for mistake in MISTAKES for each in mistake.variables.values()), *(said for _key, said, _read in TEXTS)]
KEYS = sorted({*CHECK, *IMAGE_RULE, *METRIC, *TARGET, *TEST_ROUTE, "blue", "green", "weight", "type", "zone", "\0"})


def odd(index: int) -> Any:
    """By a function, as hypothesis writes out what it samples from, and cannot do so with every one of them."""
    return ODD[index]


ANYTHING = st.recursive(
    st.integers(0, len(ODD) - 1).map(odd) | st.text(max_size=20) | st.sampled_from(USUAL),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.sampled_from([1, None, True, 1.5]), inner, max_size=3)
    ),
    max_leaves=6,
)
AROUND = a_play()
AID = Help(lambda text: parse_yaml(DataLoader(), text), lambda path: check_hook(AROUND, path))


def check(said: dict[str, Any], work: str = "deploy") -> None:
    values, findings = parse({**SERVICE, **said}, work, service="web", user="alex", aid=AID)
    for each in findings:
        each.sentence.encode()
        assert each.sentence.rstrip(".!?'\"]})").strip(), said
        assert len(each.problem) < 4000, each.variable
    if not any(each.refuses for each in findings):
        Definition.read(values)
        json.dumps(as_data(values)).encode()


@pytest.mark.parametrize("name", BY_NAME)
def test_an_odd_value_is_read_or_refused(name: str) -> None:
    for value in ODD:
        check({name: value})
        check({name: dict.fromkeys(KEYS, value)})


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(BY_NAME)), value=ANYTHING, work=st.sampled_from(["deploy", "rollback", "roll"]))
def test_anything_is_read_or_refused(name: str, value: Any, work: str) -> None:
    check({name: value}, work)
