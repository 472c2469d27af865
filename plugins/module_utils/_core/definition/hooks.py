# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks: files of the user's own tasks, each run at one boundary of a release."""

from __future__ import annotations

HOOKS = (
    "before_provision",
    "after_provision",
    "after_test_traffic",
    "before_shift",
    "after_shift",
    "before_settle",
    "after_settle",
    "before_teardown",
    "on_rollback",
)


def find_hook_problems(name: str, path: str) -> list[str]:
    """Sentences about one hook. One that is misspelled would be noticed in the middle of a release, or never."""
    problems = [] if name in HOOKS else [f"There is no hook {name}; known are {', '.join(HOOKS)}."]
    if not path.startswith("/"):
        problems.append(f"Hook {name} needs an absolute path, such as {{{{ inventory_dir }}}}/{path}; given: {path}.")
    return problems
