# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.hooks import find_hook_problems


@pytest.mark.parametrize(
    ("name", "path", "said"),
    [
        ("before_shift", "/hooks/there.yml", []),
        ("before_shfit", "/hooks/there.yml", ["There is no hook before_shfit; known are before_provision, "]),
        ("on_rollback", "hooks/there.yml", ["Hook on_rollback needs an absolute path, such as {{ inventory_dir }}/"]),
    ],
)
def test_what_is_wrong_with_a_hook(name: str, path: str, said: list[str]) -> None:
    problems = find_hook_problems(name, path)
    assert len(problems) == len(said)
    assert all(problem.startswith(start) for problem, start in zip(problems, said, strict=True))
