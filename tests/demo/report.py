# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the demo's releases: what their runs recorded, and what the load saw."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history import course
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.page import PageRun, page
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.record import Record
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.series import NOBODY, Point, Series

from switchyard_lab.load import LoadResult

from .deployment import Deployment


def page_of(store: Path, deployments: Sequence[Deployment]) -> str:
    """Each deployment has left a record in the store; their names are in the order of time."""
    files = sorted(store.glob("*/records/*.json"))
    records = [Record.from_data(json.loads(file.read_text(encoding="utf-8"))) for file in files]
    return page([run_of(record, each.load) for record, each in zip(records, deployments, strict=True)])


def run_of(record: Record, load: LoadResult) -> PageRun:
    colors = {release: color for color, release in course.releases(record).items()}
    return PageRun(record, series_of(load, colors))


def series_of(load: LoadResult, colors: Mapping[str, str]) -> Series:
    """``colors``: by release."""
    points: dict[str, list[Point]] = {color: [] for color in colors.values()}
    for number, second in enumerate(load.timeline):
        at = load.started + number
        for release, color in colors.items():
            if count := second.releases[release]:
                points[color].append(Point(at, count, second.failing[release], second.p90_ms.get(release)))
        if nobody := second.requests - sum(second.releases[release] for release in colors):
            failed = second.failed - sum(second.failing[release] for release in colors)
            points.setdefault(NOBODY, []).append(Point(at, nobody, failed))
    return Series(1, "p90", points)
