# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.names import (
    check_group_name,
    newest,
    next_group_name,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("existing", "name"),
    [
        ([], "web-green-v001"),
        (["web-blue-v001"], "web-green-v002"),
        (["web-blue-v009", "web-green-v004"], "web-green-v010"),
        (["web-blue-v999"], "web-green-v1000"),
        (["web-blue", "web-asg", "web-blue-v2-old"], "web-green-v001"),
        (["web2-blue-v007", "my-web-blue-v007"], "web-green-v001"),
    ],
)
def test_the_number_is_one_above_the_highest_of_either_color(existing: list[str], name: str) -> None:
    assert next_group_name("web", "green", existing) == name


def test_a_service_name_is_taken_literally() -> None:
    assert next_group_name("a.b", "blue", ["aXb-blue-v005"]) == "a.b-blue-v001"


@given(st.lists(st.sampled_from(["blue", "green"]), max_size=12))
def test_names_made_one_after_the_other_are_new_and_tell_their_order(colors: list[str]) -> None:
    names: list[str] = []
    for color in colors:
        names.append(next_group_name("web", color, names))
        assert newest("web", names) == names[-1]
    assert len(set(names)) == len(colors)


def test_the_newest_is_the_highest_number_not_the_last_in_the_alphabet() -> None:
    assert newest("web", ["web-green-v999", "web-green-v1000", "web-custom"]) == "web-green-v1000"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a" * 256, "at most 255"),
        ("with space", "no spaces"),
        ("a:b", "no colon"),
        ("grün", "ASCII"),
        ("", "valid name"),
    ],
)
def test_a_name_that_aws_would_refuse_is_refused_first(name: str, reason: str) -> None:
    with pytest.raises(BluegreenError, match=reason):
        check_group_name(name)


@pytest.mark.parametrize("name", ["a" * 255, "web-blue-v001", "a/b_c.d"])
def test_other_names_are_fine(name: str) -> None:
    check_group_name(name)
