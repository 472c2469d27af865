# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller knows for a return of the traffic."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.action.traffic_return import ActionModule


@pytest.mark.parametrize(
    ("said", "more"), [({}, ""), ({"bluegreen_image": {"name": "web-*"}}, " -e bluegreen_image=")], ids=["id", "rule"]
)
def test_the_command_that_deploys_an_image_leaves_out_the_rule(said: dict[str, Any], more: str) -> None:
    """Both together would be refused."""
    variables = {"inventory_hostname": "web", "ansible_inventory_sources": ["services.yml"], **said}
    action = object.__new__(ActionModule)
    action._task = SimpleNamespace(args={})
    command = "ansible-playbook switchyard.bluegreen.deploy -i services.yml --limit web"
    assert action.given(variables)["deploy_command"] == f"{command}{more}"
