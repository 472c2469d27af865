# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

STEPS = [{"weight": 10, "bake_seconds": 300}, {"weight": 50, "bake_seconds": 300}, {"weight": 100, "bake_seconds": 600}]


def template(expression: str, **variables: Any) -> Any:
    return Templar(DataLoader(), variables).template(trust_as_template("{{ " + expression + " }}"))


def test_a_template_gets_the_steps_that_are_left() -> None:
    assert template("steps | switchyard.bluegreen.traffic_steps(50)", steps=STEPS) == STEPS[1:]


def test_strings_of_a_survey_become_numbers() -> None:
    steps = [{"weight": "100", "bake_seconds": "60"}]
    left = template("steps | switchyard.bluegreen.traffic_steps(current_weight='0')", steps=steps)
    assert left == [{"weight": 100, "bake_seconds": 60}]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("[] | switchyard.bluegreen.traffic_steps(0)", "at least one"),
        ("steps | switchyard.bluegreen.traffic_steps('half')", "half"),
    ],
)
def test_bad_input_is_an_error_of_the_template(expression: str, said: str) -> None:
    with pytest.raises(AnsibleError, match=said):
        template(expression, steps=STEPS)
