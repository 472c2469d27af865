# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests run, and how."""

from __future__ import annotations

import hypothesis
import pytest

import tests.forks  # noqa: F401 (what labs are forked from is said before the first one starts)

# How long an example takes says more of the machine, which other tests share, than of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="run also what would take too long for every change")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put whole releases first, so that no worker waits at the end while another is in the midst of one. Leave out what
    is marked as thorough, and the second way of all but a file's first case.

    The work is the same both ways, and so are its options. What differs, one case shows; a process for each would take
    as long as all other tests together.
    """
    items.sort(key=lambda item: "playbooks" not in item.path.parts)
    if config.getoption("thorough", default=False):
        return
    seen, kept, left_out = set(), [], []
    for item in items:
        own = "own-process" in item.name
        if item.get_closest_marker("thorough") or (own and item.path.parent in seen):
            left_out.append(item)
            continue
        kept.append(item)
        if own:
            seen.add(item.path.parent)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept
