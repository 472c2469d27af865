# SPDX-License-Identifier: GPL-3.0-or-later
"""What ran before, and the command that deploys it."""

from __future__ import annotations

import json
import shlex

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.redeploy import arguments, redeploy

A, B = Version("ami-a", "1.0.0"), Version("ami-b", "1.1.0")
COMMAND = "ansible-playbook switchyard.bluegreen.deploy -i services.yml --limit web"


def test_the_previous_image_comes_with_the_command_that_deploys_it() -> None:
    outcome = Outcome("run", "deploy", "kim", 1, 2, "succeeded", A, B)
    assert redeploy([outcome], B, COMMAND) == (
        f"Deploy the previous image instead, 1.0.0 (ami-a): {COMMAND} -e bluegreen_image_id=ami-a -e "
        "bluegreen_release=1.0.0"
    )
    assert redeploy([outcome], B, "") == "Deploy the previous image instead, 1.0.0 (ami-a)."


def test_where_it_is_not_known_none_is_named() -> None:
    assert redeploy([], B, COMMAND) == "Deploy the previous image instead."


def test_a_label_that_is_the_image_is_not_given() -> None:
    assert arguments(Version("ami-a", "ami-a")) == "-e bluegreen_image_id=ami-a"


@pytest.mark.parametrize("label", ["1.0 final", "it's", "a=b", '"', "{{ x }}"])
def test_a_label_reaches_ansible_as_it_is(label: str) -> None:
    _option, value = shlex.split(arguments(Version("ami-a", label)))
    assert json.loads(value) == {"bluegreen_image_id": "ami-a", "bluegreen_release": label}
