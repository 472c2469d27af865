# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task returns of an instance refresh: a key is left out where nothing is known, and never ``refresh``."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.result import RefreshResult
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.state import Refresh

NO_DIFF = {"before": {}, "after": {}}


def test_where_nothing_was_to_be_taken_back() -> None:
    said = {"method": "none", "msg": "It was never rolled."}
    expected = {"changed": False, "refresh": None, "diff": NO_DIFF, **said}
    assert RefreshResult.nothing("It was never rolled.").as_data() == expected


def test_a_refresh_that_was_ended() -> None:
    refresh = Refresh.begun("1", "web-blue-v001", {})
    assert RefreshResult.ended("cancel", refresh, "canceled", "It is canceled.").as_data() == {
        "changed": True,
        "method": "cancel",
        "msg": "It is canceled.",
        "refresh": refresh.as_data(),
        "diff": {"before": {"refresh": "in progress"}, "after": {"refresh": "canceled"}},
    }


def test_what_is_false_or_empty_is_known() -> None:
    done = RefreshResult(release="2.0", verified=False, updated=[], warnings=[])
    known = {"release": "2.0", "verified": False, "updated": [], "warnings": []}
    assert done.as_data() == {"changed": False, "refresh": None, "diff": NO_DIFF, **known}
