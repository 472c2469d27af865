# SPDX-License-Identifier: GPL-3.0-or-later
"""Which color target groups really are, by their tags."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.colors import by_tags

DEFINED = {"blue": ["web-1", "admin-1"], "green": ["web-2", "admin-2"]}


def tagged(**colors: str) -> dict[str, dict[str, str]]:
    every = {arn: {"bluegreen:service": "web"} for its in DEFINED.values() for arn in its}
    return every | {arn.replace("_", "-"): {"bluegreen:color": color} for arn, color in colors.items()}


WEB_SWAPPED = {"web_1": "green", "web_2": "blue"}


@pytest.mark.parametrize(
    ("colors", "blue", "green"),
    [
        ({}, ["web-1", "admin-1"], ["web-2", "admin-2"]),
        ({**WEB_SWAPPED, "admin_1": "green", "admin_2": "blue"}, ["web-2", "admin-2"], ["web-1", "admin-1"]),
        ({**WEB_SWAPPED, "admin_1": "blue", "admin_2": "green"}, ["web-2", "admin-1"], ["web-1", "admin-2"]),
        ({**WEB_SWAPPED, "admin_1": "blue", "admin_2": "blue"}, ["web-2", "admin-1"], ["web-1", "admin-2"]),
        ({"web_1": "green", "admin_1": "blue"}, ["web-2", "admin-1"], ["web-1", "admin-2"]),
        (WEB_SWAPPED, ["web-2", "admin-2"], ["web-1", "admin-1"]),
    ],
    ids=["no tags", "all", "one pair", "one pair, and one contradicts itself", "one tag each", "the other has no tags"],
)
def test_each_pair_is_what_its_tags_say(colors: dict[str, str], blue: list[str], green: list[str]) -> None:
    assert by_tags(DEFINED, tagged(**colors)) == {"blue": blue, "green": green}
