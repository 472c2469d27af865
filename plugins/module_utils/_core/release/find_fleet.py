# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether many services can be released side by side."""

from __future__ import annotations

from .case import Case

LINEAR = ("linear", "ansible.builtin.linear")  # the strategy that a play has by default


def find_lack_of_forks(case: Case) -> list[str]:
    if case.forks is None or case.forks >= case.services or not case.parts.releases:
        return []
    return [
        f"{case.services} services are to be released side by side, and Ansible has {case.forks} forks: the others "
        f"wait until one has ended. Run it with --forks {case.services}."
    ]


def find_waiting_strategy(case: Case) -> list[str]:
    """Ansible runs included tasks that differ between hosts for one host after the other (StrategyModule of linear)."""
    if case.services == 1 or case.strategy not in LINEAR or not (case.parts.swaps or case.parts.rolls):
        return []
    return [
        f"{case.services} services are to be released side by side, and with strategy {case.strategy} one that has "
        "ended a bake waits for the others. Nothing watches it meanwhile, and a return of its traffic waits too. Set "
        "strategy: ansible.builtin.host_pinned in the play, or remove bluegreen_play_strategy."
    ]
