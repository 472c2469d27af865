# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of a run of several services."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.play_summary import fleet_lines


def test_services_that_ended_alike_are_named_together_and_the_worst_last() -> None:
    ends = {"pay": "halted", "web": "succeeded", "api": "rolled_back", "shop": "succeeded", "mail": "refused"}
    assert fleet_lines(ends, [*ends, "late", "lost"], failed={"pay", "api", "lost"}) == [
        "7 services: 2 succeeded, 1 not begun, 1 refused, 1 rolled back, 1 failed, 1 halted.",
        "succeeded: web, shop",
        "not begun: late",
        "refused: mail",
        "rolled back: api",
        "failed: lost",
        "halted: pay",
    ]


def test_why_is_said_of_those_that_a_person_has_to_look_at() -> None:
    ends = {"web": "succeeded", "shop": "refused", "api": "rolled_back"}
    messages = {"web": "web is released.", "shop": "shop is frozen: Stock-taking.", "api": "word " * 100}
    assert fleet_lines(ends, list(ends), messages=messages) == [
        "3 services: 1 succeeded, 1 refused, 1 rolled back.",
        "succeeded: web",
        "refused: shop",
        "  shop: shop is frozen: Stock-taking.",
        "rolled back: api",
        f"  api: {'word ' * 59}…",
    ]
