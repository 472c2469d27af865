# SPDX-License-Identifier: GPL-3.0-or-later
"""lab/README.md says what the lab imitates; `make imitated` writes it."""

from __future__ import annotations

from tests.docs import imitated


def test_the_readme_is_up_to_date() -> None:
    assert imitated.readme() == imitated.README.read_text(encoding="utf-8")
