# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import unicodedata

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.tag_text import (
    decoded,
    encoded,
    shortened,
)
from hypothesis import given, strategies


def allowed(character: str) -> bool:
    r"""TagValue in the service model of Elastic Load Balancing: [\p{L}\p{Z}\p{N}_.:/=+\-@]*"""
    return unicodedata.category(character)[0] in "LZN" or character in "_.:/=+-@"


@given(strategies.text())
def test_any_reason_fits_into_a_tag_and_comes_back(reason: str) -> None:
    assert all(map(allowed, encoded(reason)))
    assert decoded(encoded(reason)) == reason


def test_what_is_readable_stays_readable() -> None:
    assert encoded("Größe: see wiki/freeze, please") == "Größe: see wiki/freeze=2C please"
    assert decoded("by hand a=b") == "by hand a=b"


@given(strategies.text(), strategies.integers(0, 300))
def test_a_text_that_is_cut_is_a_beginning_of_the_whole(text: str, length: int) -> None:
    cut = shortened(text, length)
    assert len(cut) <= length
    assert text.startswith(decoded(cut))
