# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The charts of a page: weights, requests, errors and latency over the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..base.timestamps import utc
from . import course
from .chart import Bar, ChartMark, Frame, kind_of, line, stacked, steps_of, tips
from .markup import Markup, element
from .record import Record
from .scale import Time, round_up
from .series import NOBODY, Point, Series

LETTER, SMALL_LETTER = 2.6, 0.9  # percent of the width, on a phone and on a desk
Shown = Callable[[float], str]


@dataclass(frozen=True)
class Scene:
    """What all charts of a run have in common."""

    time: Time
    colors: Sequence[str]
    marks: Sequence[ChartMark]
    weights: Sequence[course.Weights]

    @classmethod
    def of(cls, record: Record, series: Series | None) -> Scene:
        times = series.times if series else []
        began = record.outcome.began
        ends = [record.outcome.ended or began, *(each.ended or each.began for each in record.stages)]
        period = series.period if series else 0
        time = Time(min([began, *times]), max([*ends, began + 1, *[each + period for each in times]]), began)
        weights = course.weights(record)
        marks = [ChartMark(each.at) for each in weights[1:]]
        failed = course.failed_at(record)
        colors = list(course.releases(record)) or [each for each in (series.points if series else {}) if each != NOBODY]
        return cls(time, colors, marks + ([ChartMark(failed, bad=True)] if failed else []), weights)


def charts(record: Record, series: Series | None) -> list[Markup]:
    scene = Scene.of(record, series)
    found = [_weights(scene)] if scene.weights else []
    if series and series.requests:
        coarse = series.coarser()
        found += [_counts(scene, coarse, "Requests", "requests"), _counts(scene, coarse, "Errors", "errors")]
        found += [_latency(scene, coarse)] if any(each.latency_ms is not None for each in _points(coarse)) else []
    return [*found, _axis(scene.time)] if found else []


def _weights(scene: Scene) -> Markup:
    frame = Frame(scene.time, 100, scene.marks)
    changes = [(each.at, {key: float(value) for key, value in each.percents.items()}) for each in scene.weights]
    changes[0] = scene.time.first, changes[0][1]
    bars = steps_of(changes, scene.time.last)
    said = [(column.start, column.end, _at(column.start) + _listed(scene.colors, column, _percent)) for column in bars]
    drawing = frame.drawn("Weights over time", stacked(frame, bars, scene.colors), tips(frame, said))
    return _figure("Weight", "share of the traffic", frame, drawing, _percent, _labels(scene))


def _labels(scene: Scene) -> list[Markup]:
    """What the candidate has from each change on. Where there is no room for all, the last ones are shown; a phone has
    none for those that are crowded."""
    shown: list[Markup] = []
    candidate = scene.colors[-1]
    end = end_on_phone = 100.0
    for each in reversed(scene.weights[1:]):
        text = _percent(each.percents.get(candidate, 0))
        place = min(scene.time.percent(each.at), 100 - LETTER * len(text))
        if place + SMALL_LETTER * len(text) <= end:
            crowded = place + LETTER * len(text) > end_on_phone
            kind = f"{kind_of(candidate)}{' crowded' if crowded else ''}"
            shown.insert(0, element("span", text, style=f"left:{place:.2f}%", class_=kind))
            end, end_on_phone = place, end_on_phone if crowded else place
    return shown


def _counts(scene: Scene, series: Series, title: str, what: str) -> Markup:
    unit, word = (1, "per second") if series.period < 60 else (60, "per minute")
    bars = [
        Bar(at, at + series.period, {color: getattr(each, what) * unit / series.period for color, each in its.items()})
        for at, its in _by_time(series)
    ]
    colors = [*scene.colors, NOBODY]
    frame = Frame(scene.time, round_up(max((sum(column.values.values()) for column in bars), default=0)), scene.marks)
    said = [(column.start, column.end, _at(column.start) + _listed(colors, column, _number)) for column in bars]
    drawing = frame.drawn(f"{title} {word} over time", stacked(frame, bars, colors), tips(frame, said))
    total = sum(getattr(each, what) for each in _points(series))
    if what == "requests":
        return _figure(title, word, frame, drawing, _number, note=f"{_number(total)} in all")
    return _figure(
        title, word, frame, drawing if total else None, _number, note=_error_note(scene, series), bad=total > 0
    )


def _error_note(scene: Scene, series: Series) -> str:
    counts = {_name(color): series.errors_of(color) for color in [*scene.colors, NOBODY]}
    return ", ".join(f"{_number(count)} on {name}" for name, count in counts.items() if count) or "none"


def _latency(scene: Scene, series: Series) -> Markup:
    every = {
        color: [(each.at + series.period / 2, each.latency_ms) for each in its if each.latency_ms is not None]
        for color, its in series.points.items()
    }
    frame = Frame(scene.time, round_up(max(value for its in every.values() for _at, value in its)), scene.marks)
    lines = [line(frame, every.get(color, []), color, 3 * series.period) for color in scene.colors]
    drawing = frame.drawn(f"Latency, {series.percentile}, over time", *lines)
    return _figure("Latency", f"{series.percentile}, ms", frame, drawing, _number)


def _figure(
    title: str,
    unit: str,
    frame: Frame,
    drawing: Markup | None,
    shown: Shown,
    labels: Sequence[Markup] = (),
    note: str = "",
    *,
    bad: bool = False,
) -> Markup:
    head = [element("b", title), element("small", unit)]
    head += [element("em", note, class_="bad" if bad else None)] if note else []
    scale = [element("span", shown(frame.top * share)) for share in (1.0, 0.5, 0.0)]
    drawn = element("div", *labels, drawing, class_="drawing")
    plot = element("div", element("div", *scale, class_="scale"), drawn, class_="plot")
    return element("figure", element("figcaption", *head), plot if drawing else None, class_=title.lower())


def _axis(time: Time) -> Markup:
    ticks = [element("span", text, style=f"left:{place:.2f}%") for place, text in time.ticks() if place <= 97]
    return element("div", element("div", *ticks, class_="ticks"), class_="axis")


def legend(record: Record, series: Series | None) -> Markup:
    items = [
        element("li", element("i", class_=kind_of(color)), element("b", color), f" {release or 'nothing'}")
        for color, release in course.releases(record).items()
    ]
    if series and series.points.get(NOBODY):
        items.append(
            element("li", element("i", class_="nobody"), "no environment: the load balancer answered, or nobody")
        )
    if course.failed_at(record):
        items.append(element("li", element("i", class_="failure"), "the failure was seen"))
    return element("ul", *items, class_="legend")


def _by_time(series: Series) -> list[tuple[float, dict[str, Point]]]:
    found: dict[float, dict[str, Point]] = {}
    for color, its in series.points.items():
        for each in its:
            found.setdefault(each.at, {})[color] = each
    return sorted(found.items())


def _points(series: Series) -> list[Point]:
    return [each for its in series.points.values() for each in its]


def _listed(colors: Sequence[str], column: Bar, shown: Shown) -> str:
    return ", ".join(f"{_name(color)} {shown(column.values[color])}" for color in colors if color in column.values)


def _name(color: str) -> str:
    return color or "no environment"


def _at(moment: float) -> str:
    return f"{utc(moment):%H:%M:%S} UTC: "


def _percent(value: float) -> str:
    return f"{value:g} %"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
