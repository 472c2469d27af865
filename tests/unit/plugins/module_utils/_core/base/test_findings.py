# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.findings import refuse


def test_nothing_found_is_no_error() -> None:
    refuse("This cannot be released", [])


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        (["No image."], "This cannot be released: No image."),
        (["No image.", "No alarm."], "This cannot be released: 1. No image. 2. No alarm."),
    ],
)
def test_all_findings_are_in_the_message_and_as_data(findings: list[str], said: str) -> None:
    with pytest.raises(BluegreenError) as error:
        refuse("This cannot be released", findings, {"findings": [], "requests": 3})
    assert str(error.value) == said
    assert error.value.facts == {"findings": findings, "requests": 3}
