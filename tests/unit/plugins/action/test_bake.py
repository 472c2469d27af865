# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads when a release begins to wait for approval."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.action.bake import ActionModule
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.stages import Stage, how_to_approve


@pytest.mark.parametrize(
    ("sources", "inventories"),
    [(["services.yml"], "services.yml"), (["eu west.yml", "more/"], "'eu west.yml' -i more/"), ([], "INVENTORY")],
)
def test_the_command_that_approves_is_shown_with_this_inventory_and_host(
    capsys: pytest.CaptureFixture[str], sources: list[str], inventories: str
) -> None:
    stage = Stage("approve", "wait for approval at 10 %", {"hint": how_to_approve(10)}).as_data()
    action: Any = object.__new__(ActionModule)
    action._task = SimpleNamespace(resolved_action="switchyard.bluegreen.bake")
    action._stage = {"number": 4, "of": 7, **stage}
    variables = {"inventory_hostname": "web", "ansible_inventory_sources": sources}
    action._announce(variables, "opens", "")
    action._announce(variables, "closes", ": approved by ann")
    out, said = capsys.readouterr()
    assert out == ""
    assert said.splitlines() == [
        "web: 4/7 wait for approval at 10 %",
        f"web: To approve: ansible-playbook switchyard.bluegreen.approve -i {inventories} --limit web "
        "-e bluegreen_approve_weight=10. To return the traffic instead: rollback.yml.",
        "web: 4/7 wait for approval at 10 %: approved by ann",
    ]
