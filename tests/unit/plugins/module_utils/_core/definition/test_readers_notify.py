# SPDX-License-Identifier: GPL-3.0-or-later
"""A URL is a secret wherever a person has put it."""

from __future__ import annotations

from typing import Any

import pytest

from .reading import read

URL = "https://chat.example.com/hooks/s3cr3t"


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ({"sns": URL}, "not the ARN of an SNS topic"),
        ({URL: "chat"}, "Known are sns, webhook, secret, chat, events."),
        ({"chat": "https://chat.example.com/", "events": URL}, "Known are started, waiting"),
        ({"chat": f"{URL} x"}, "Encode them"),
        ({"chat": f"{URL}\u00fc"}, "Encode them"),
        ({"chat": f"{URL}\nx"}, "Encode them"),
    ],
)
def test_a_url_in_a_wrong_place_is_not_quoted(target: dict[str, Any], problem: str) -> None:
    _values, findings = read({"bluegreen_notify": [target]})
    (said,) = [each.sentence for each in findings if each.variable == "bluegreen_notify"]
    assert problem in said
    assert "s3cr3t" not in said
