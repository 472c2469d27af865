# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether AWS can return the traffic when the run cannot, where that is asked for."""

from __future__ import annotations

from ..safety.return_role import find_denial, find_distrust
from ..safety.schedules import find_strange
from .case import Case


def find_strange_routes(case: Case) -> list[str]:
    return find_strange(case.service.routes) if case.service and case.definition.net.role else []


def find_distrustful_role(case: Case) -> list[str]:
    return find_distrust(case.definition.net.role, case.facts.return_role()) if case.facts.return_role else []


def find_denied_role(case: Case) -> list[str]:
    return find_denial(case.definition.net.role, *case.facts.pass_role()) if case.facts.pass_role else []
