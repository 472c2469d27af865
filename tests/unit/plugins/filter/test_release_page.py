# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.record import Record

RUN = Outcome("a", "deploy", "kim", 1767669002, 1767669602, "succeeded", Version("ami-1"), Version("ami-2"))


def made(record: Any, series: Any = None) -> str:
    template = trust_as_template("{{ record | switchyard.bluegreen.release_page(series) }}")
    return str(Templar(DataLoader(), {"record": record, "series": series}).template(template))


def test_a_record_becomes_a_page() -> None:
    record = Record("web", RUN, message="It is {{ 1 + 1 }}.").as_data() | {"alive": False}
    found = made(record, {"period": 60, "percentile": "p90", "points": {"blue": [{"at": 1767669060, "requests": 7}]}})
    assert found.startswith("<!DOCTYPE html>")
    assert "It is {{ 1 + 1 }}." in found
    assert "7 in all" in found


@pytest.mark.parametrize("record", [{}, {"service": "web"}, "text", None])
def test_what_is_no_record_is_refused(record: Any) -> None:
    with pytest.raises(AnsibleError, match="takes a record"):
        made(record)
