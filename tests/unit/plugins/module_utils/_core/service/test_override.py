# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.override import Override


@pytest.mark.parametrize("given", [None, "", "  "])
def test_without_a_reason_nothing_is_overridden(given: Any) -> None:
    override = Override.parse(given)
    assert not any(map(override.allows, ("window", "freeze", "rejected", "leaving")))


@pytest.mark.parametrize("given", [" hotfix ", {"reason": "hotfix"}])
def test_a_reason_opens_the_gates_and_nothing_else(given: Any) -> None:
    override = Override.parse(given)
    assert override.reason == "hotfix"
    assert [what for what in ("window", "freeze", "rejected", "leaving") if override.allows(what)] == [
        "window",
        "freeze",
    ]


def test_a_list_says_what_may_be_passed() -> None:
    override = Override.parse({"reason": "schema still fits", "allow": ["leaving"]})
    assert override.allows("leaving")
    assert not override.allows("freeze")
    assert Override.parse({"reason": "hotfix", "allow": "freeze"}).allows("freeze")


@pytest.mark.parametrize(
    "given",
    [
        True,
        ["freeze"],
        {"allow": ["freeze"]},
        {"reason": " ", "allow": []},
        {"reason": "x", "alow": []},
        {"reason": "x", "allow": 3},
    ],
)
def test_what_is_no_override_is_refused_with_an_example(given: Any) -> None:
    with pytest.raises(BluegreenError, match=r"bluegreen_override is .* for example .* Given"):
        Override.parse(given)


def test_what_cannot_be_overridden_is_named() -> None:
    with pytest.raises(BluegreenError, match="Unknown: everything"):
        Override.parse({"reason": "x", "allow": ["freeze", "everything"]})
