# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.plugin_utils._in_process import may_run_here


@pytest.mark.parametrize(
    ("said", "here"),
    [(None, True), ("", True), ("yes", True), (True, True), ("false", False), ("maybe", False), ({}, False)],
)
def test_whatever_bluegreen_in_process_says_the_work_is_done(said: Any, here: bool) -> None:
    assert may_run_here(said) is here
