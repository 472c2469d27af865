# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.zones import (
    canonical,
    choose_zone,
    zone_id,
)


def zone(name: str, number: str, *, private: bool = False) -> dict[str, Any]:
    return {"Id": f"/hostedzone/{number}", "Name": name, "Config": {"PrivateZone": private}}


PUBLIC, INNER, INNER_TOO = zone("example.com.", "ZPUB"), zone("example.com.", "ZIN", private=True), "ZINTOO"
BOTH = [PUBLIC, INNER, zone("example.org.", "ZORG")]


@pytest.mark.parametrize("said", ["*.Example.com", "*.example.com.", "\\052.example.com."])
def test_one_name_has_many_spellings(said: str) -> None:
    assert canonical(said) == "*.example.com"


@pytest.mark.parametrize(("said", "meant"), [("/hostedzone/Z1AB", "Z1AB"), ("Z1AB", "Z1AB"), ("example.com", None)])
def test_an_id_is_told_from_a_name(said: str, meant: str | None) -> None:
    assert zone_id(said) == meant


def test_a_zone_is_found_by_its_name_and_kind() -> None:
    assert choose_zone("example.org", None, BOTH) == "ZORG"
    assert choose_zone("example.com", True, BOTH) == "ZIN"
    assert choose_zone("example.com.", False, BOTH) == "ZPUB"


def test_a_name_of_several_zones_is_refused_with_their_ids() -> None:
    with pytest.raises(BluegreenError, match=r"ZPUB \(public\), ZIN \(private\). Give the id"):
        choose_zone("example.com", None, BOTH)
    several = [INNER, zone("example.com.", INNER_TOO, private=True)]
    with pytest.raises(BluegreenError, match=r"2 hosted zones are called example.com: .*ZINTOO"):
        choose_zone("example.com", True, several)


def test_a_zone_that_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(BluegreenError, match=r"There is no hosted zone example.net\.$"):
        choose_zone("example.net", None, BOTH)
    with pytest.raises(BluegreenError, match=r"no private hosted zone example.org; found: ZORG \(public\)\."):
        choose_zone("example.org", True, BOTH)
