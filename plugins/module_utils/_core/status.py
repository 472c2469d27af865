# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a service stands, as a table for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .freeze import Freeze

HEADINGS = ("", "weight", "release", "image", "group", "healthy", "pinned at", "retained until")
SENTENCES = {
    "settled": "nothing under way",
    "provisioned": "a candidate waits for traffic",
    "shifting": "traffic is being shifted",
}


def status_lines(service: Mapping[str, Any]) -> list[str]:
    """``service`` is what module service_info returns under that key."""
    stable = service["stable"]
    rows = [_row(service["environments"][color]) for color in (stable, service["candidate"])]
    frozen = [f"{service['service']} is {Freeze.told(service['frozen'])}."] if service["frozen"] else []
    said = f"{service['service']}: {stable} is stable, {SENTENCES[service['phase']]}"
    return [said, *frozen, *_table([HEADINGS, *rows])]


def _row(environment: Mapping[str, Any]) -> Sequence[str]:
    own, kept = environment["pinned"], environment["retain_until"] or "-"
    return (
        environment["color"],
        f"{environment['weight']} %",
        environment["release"] or "-",
        environment["image_id"] or "-",
        environment["group"] or "-",
        f"{environment['healthy']}/{environment['desired']}",
        f"{environment['minimum']} (own {own['minimum']}-{own['maximum']})" if own else "-",
        f"{kept} (over)" if environment["due"] else kept,
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
