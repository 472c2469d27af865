# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosted zones and names in them, as people write them and as Route 53 returns them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..base.errors import BluegreenError

Zone = Mapping[str, Any]  # as ListHostedZonesByName returns it

ID = re.compile(r"(?:/hostedzone/)?([A-Z0-9]{1,32})")


def canonical(name: str) -> str:
    """One spelling of a DNS name: Route 53 returns names fully qualified, and an asterisk by its octal code.

    (DNS domain name format, in the developer guide of Route 53.)
    """
    return name.lower().removesuffix(".").replace("\\052", "*")


def zone_id(named: str) -> str | None:
    """The id in what may be one; ids are of capital letters and digits, so that a name is never an ID."""
    match = ID.fullmatch(named)
    return match[1] if match else None


def choose_zone(named: str, private: bool | None, zones: Sequence[Zone]) -> str:
    """The id of the one zone of this name. A public zone and any number of private ones may share it."""
    found = {
        each["Id"].removeprefix("/hostedzone/"): bool(each.get("Config", {}).get("PrivateZone"))
        for each in zones
        if canonical(each["Name"]) == canonical(named)
    }
    meant = [each for each, is_private in found.items() if private in (None, is_private)]
    if len(meant) == 1:
        return meant[0]
    listed = ", ".join(f"{each} ({'private' if is_private else 'public'})" for each, is_private in found.items())
    if meant:
        raise BluegreenError(
            f"{len(meant)} hosted zones are called {named}: {listed}. Give the id of the one that is meant."
        )
    kind = {None: "", True: "private ", False: "public "}[private]
    raise BluegreenError(f"There is no {kind}hosted zone {named}" + (f"; found: {listed}." if listed else "."))
