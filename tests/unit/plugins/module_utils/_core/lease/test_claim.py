# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.tag_text import LONGEST_VALUE, NOT_ALLOWED
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim, read_claims

NOW = 1_800_000_000.25
CLAIM = Claim.new("20270115T080000Z-ab12", "provision and verify", "AWX job 7, of Jörg's", "1a2b.40265:41:7788", NOW)


@pytest.mark.parametrize("claim", [CLAIM, replace(CLAIM, held=False), replace(CLAIM, process=None)])
def test_a_claim_is_read_back_from_its_tag_and_from_data(claim: Claim) -> None:
    assert read_claims([{claim.key: claim.text(), "Name": "web"}]) == [claim]
    assert Claim.from_data(claim.as_data()) == claim
    assert not NOT_ALLOWED.search(claim.text().replace("=", "")), "AWS would refuse it"


def test_a_long_name_is_cut_to_what_a_tag_holds() -> None:
    process = "7d3c0f5a.4026531836:4194304:123456789"
    claim = Claim.new("run", "deploy 11/12: " + "shift, and shift again; " * 9, "ü" * 200, process, NOW)
    assert len(claim.text()) <= LONGEST_VALUE
    (found,) = read_claims([{claim.key: claim.text()}])
    assert found.by.startswith("üü")
    assert found.doing.startswith("deploy 11/12: shift, and shift again; shift")


def test_a_tag_that_a_person_wrote_is_no_claim() -> None:
    assert read_claims([{f"{CLAIM.key}": "held by me"}, {CLAIM.key: "held a b c d e f"}]) == []
    for moments in ("² 1 1", f"{'9' * 15} 1 1", f"1 1 {'9' * 12}", "-1 1 1", " 1 1"):
        assert read_claims([{CLAIM.key: f"held {moments} - deploy me"}]) == []


def test_of_two_target_groups_that_differ_the_later_text_counts() -> None:
    later = CLAIM.renewed_at(NOW + 30, 90)
    assert read_claims([{CLAIM.key: CLAIM.text()}, {CLAIM.key: later.text()}]) == [later]
    assert read_claims([{CLAIM.key: later.text()}, {CLAIM.key: CLAIM.text()}]) == [later]


def test_the_message_says_who_does_what_since_when() -> None:
    assert CLAIM.message("web", NOW + 8) == (
        "AWX job 7, of Jörg's is changing web (provision and verify, since 08:00:00 UTC, lease renewed 8 s ago, "
        "run 20270115T080000Z-ab12)"
    )
