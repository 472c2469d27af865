# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chart as SVG, stretched to any width. Its labels are HTML next to it, so that they stay legible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .markup import Markup, element, join
from .scale import Time

WIDTH, HEIGHT = 1000.0, 100.0  # of the drawing, which is stretched


@dataclass(frozen=True)
class ChartMark:
    """A moment that every chart shows."""

    at: float
    bad: bool = False


@dataclass(frozen=True)
class Frame:
    """What a chart is drawn into. ``top`` is the highest value."""

    time: Time
    top: float
    marks: Sequence[ChartMark] = ()

    def x(self, at: float) -> float:
        return self.time.percent(at) * WIDTH / 100

    def y(self, value: float) -> float:
        return HEIGHT * (1 - min(1.0, max(0.0, value / self.top)))

    def drawn(self, label: str, *shapes: Markup) -> Markup:
        lines = [self._line(0, HEIGHT * share, WIDTH, HEIGHT * share, "grid") for share in (0.0, 0.5, 1.0)]
        shifts = [self._mark(each, "mark") for each in self.marks if not each.bad]
        failures = [self._mark(each, kind) for each in self.marks if each.bad for kind in ("halo", "mark failure")]
        box = f"0 0 {WIDTH:g} {HEIGHT:g}"
        title = element("title", label)
        return element(
            "svg",
            title,
            *lines,
            *shifts,
            *shapes,
            *failures,
            viewBox=box,
            preserveAspectRatio="none",
            role="img",
            aria_label=label,
        )

    def _mark(self, mark: ChartMark, kind: str) -> Markup:
        return self._line(self.x(mark.at), 0, self.x(mark.at), HEIGHT, kind)

    def _line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
        return element("path", d=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", class_=kind)


@dataclass(frozen=True)
class Bar:
    """Values by color from one moment to another, upon each other."""

    start: float
    end: float
    values: Mapping[str, float]


def stacked(frame: Frame, bars: Sequence[Bar], colors: Sequence[str]) -> Markup:
    """An area for each color, the first at the bottom."""
    areas = []
    below = [0.0] * len(bars)
    for color in colors:
        above = [base + column.values.get(color, 0.0) for base, column in zip(below, bars, strict=True)]
        path = "".join(
            _box(frame, column, base, value)
            for column, base, value in zip(bars, below, above, strict=True)
            if value > base
        )
        areas.append(element("path", d=path, class_=f"area {kind_of(color)}"))
        below = above
    return join(*areas)


def _box(frame: Frame, column: Bar, base: float, value: float) -> str:
    left, right = frame.x(column.start), frame.x(column.end)
    return f"M{left:.1f} {frame.y(base):.1f}V{frame.y(value):.1f}H{right:.1f}V{frame.y(base):.1f}Z"


def line(frame: Frame, points: Sequence[tuple[float, float]], color: str, gap: float) -> Markup:
    """It is interrupted where two points are further apart than ``gap``. A point by itself is a dot."""
    path, moved = "", True
    for place, (at, value) in enumerate(points):
        moved = place == 0 or at - points[place - 1][0] > gap
        path += f"{'M' if moved else 'L'}{frame.x(at):.1f} {frame.y(value):.1f}"
        path += "h0" if moved else ""  # a round cap makes it visible
    return element("path", d=path, class_=f"line {kind_of(color)}")


def tips(frame: Frame, bars: Iterable[tuple[float, float, str]]) -> Markup:
    """What a pointer reads over a stretch of time."""
    return join(
        *[
            element(
                "rect",
                element("title", text),
                x=frame.x(start),
                width=max(frame.x(end) - frame.x(start), 0.1),
                height=HEIGHT,
                class_="tip",
            )
            for start, end, text in bars
        ]
    )


def steps_of(changes: Sequence[tuple[float, Mapping[str, float]]], end: float) -> list[Bar]:
    """Bars for values that stay until they change."""
    moments = [*(at for at, _values in changes), end]
    return [Bar(start, stop, values) for (start, stop), (_at, values) in zip(pairwise(moments), changes, strict=True)]


def kind_of(color: str) -> str:
    """The class by which the style knows a color."""
    return color if color in ("blue", "green") else "nobody"
