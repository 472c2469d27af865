# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that shows what a run did, as one HTML file: it loads nothing, and runs no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..base.durations import elapsed
from ..base.timestamps import dated
from . import course
from .chart import kind_of
from .markup import Markup, element, join
from .page_charts import charts, legend
from .page_style import STYLE
from .record import Record
from .series import Series
from .table import seen

# Nothing is loaded, whatever a name or a message holds; the icon keeps a browser from asking for one.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
SIGNS = {course.DONE: "✓", course.FAILED: "✕", course.DOUBTFUL: "?", course.OPEN: "…", course.SKIPPED: "·"}
TONES = {
    course.DONE: "good",
    course.FAILED: "bad",
    course.DOUBTFUL: "warn",
    course.OPEN: "idle",
    course.SKIPPED: "idle",
}


@dataclass(frozen=True)
class PageRun:
    """``series``: where they are known. ``alive``: it is active."""

    record: Record
    series: Series | None = None
    alive: bool = False


def page(runs: Sequence[PageRun]) -> str:
    """One after the other."""
    title = ", ".join(f"{each.record.service} {_what(each.record)}: {_word(each).lower()}" for each in runs)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("title", title),
        element("link", rel="icon", href="data:,"),
        element("style", Markup(STYLE)),
    )
    body = element("body", *map(_article, runs), element("footer", "Times are UTC. Made by switchyard.bluegreen."))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _article(run: PageRun) -> Markup:
    drawn = charts(run.record, run.series)
    steps = course.steps(run.record, alive=run.alive)
    return element(
        "article",
        _head(run),
        element("section", element("h2", "Traffic"), legend(run.record, run.series), *drawn) if drawn else None,
        element("section", element("h2", "Stages"), _stages(run.record, steps)) if steps else None,
        element("section", element("h2", "Details"), _details(run.record)),
    )


def _head(run: PageRun) -> Markup:
    record, outcome = run.record, run.record.outcome
    word, tone = course.verdict(record, alive=run.alive)
    text = record.message or outcome.reason
    facts = [
        element("div", element("dt", name), element("dd", value), class_="bad" if bad else None)
        for name, value, bad in _facts(run)
    ]
    return element(
        "header",
        element("p", f"{record.service} · {outcome.doing} · {dated(outcome.began)}", class_="kicker"),
        element("h1", word),
        _versions(record),
        element("p", text, class_="message") if text else None,
        element("dl", *facts, class_="facts"),
        class_=f"head {tone}",
    )


def _versions(record: Record) -> Markup | None:
    """From which release to which, each in its color."""
    before, to = record.outcome.before, record.outcome.to
    if not (before.release or to.release):
        return None
    shown = course.releases(record)
    colors = {release: color for color, release in shown.items()} if len(set(shown.values())) == len(shown) else {}
    chips = [
        element("span", each.release or "nothing", class_=f"chip {kind_of(colors.get(each.release, ''))}")
        for each in (before, to)
    ]
    return element("p", chips[0], element("i", "→"), chips[1], class_="versions")


def _facts(run: PageRun) -> Iterator[tuple[str, str, bool]]:
    outcome, series = run.record.outcome, run.series
    if outcome.ended:
        yield "took", elapsed(outcome.ended - outcome.began), False
    if outcome.restored is not None:
        yield "traffic back within", elapsed(outcome.restored), False
    if share := course.highest_share(run.record):
        color, percent = share
        yield f"most traffic on {color}", f"{percent} %", False
    if series and series.requests:
        yield "requests", f"{series.requests:,.0f}", False
        failed = series.errors
        yield "failed", f"{failed:,.0f} ({100 * failed / series.requests:.2g} %)" if failed else "none", failed > 0


def _stages(record: Record, steps: Sequence[course.CourseStep]) -> Markup:
    began = record.outcome.began
    moments = [each.stage.ended or each.stage.began for each in steps if each.stage]
    end = max([*moments, record.outcome.ended or began, began + 1])
    return element("ol", *[_stage(record, each, began, end) for each in steps], class_="stages")


def _stage(record: Record, step: course.CourseStep, began: float, end: float) -> Markup:
    stage, number = step.stage, f"{step.number}/{len(record.plan)} " if step.number else ""
    title = element("div", element("small", number) if number else None, step.title)
    took, track = "not begun", None
    if stage:
        took = elapsed(stage.ended - stage.began) if stage.ended else "no end"
        title = join(title)
        left = 100 * max(0.0, stage.began - began) / (end - began)
        width = 100 * max(0.0, (stage.ended or end) - stage.began) / (end - began)
        track = element(
            "span", element("i", style=f"left:{min(left, 99):.2f}%;width:{min(width, 100 - left):.2f}%"), class_="track"
        )
        found = seen(stage.evidence)
        title = element("div", title, element("p", found) if found else None)
    skipped = " skipped" if step.state == course.SKIPPED else ""
    sign = element("span", SIGNS[step.state], class_="sign", role="img", aria_label=step.state)
    return element("li", sign, title, element("span", took, class_="took"), track, class_=TONES[step.state] + skipped)


def _details(record: Record) -> Markup:
    outcome = record.outcome
    rows = {
        "run": outcome.run,
        "by": outcome.by,
        "why": record.why,
        "from": str(outcome.before),
        "to": str(outcome.to),
        "began": dated(outcome.began),
        "ended": dated(outcome.ended) if outcome.ended else "",
    }
    pairs = [join(element("dt", name), element("dd", value)) for name, value in rows.items() if value]
    return element("dl", *pairs, class_="more")


def _word(run: PageRun) -> str:
    return course.verdict(run.record, alive=run.alive)[0]


def _what(record: Record) -> str:
    release = record.outcome.to.release
    return f"{record.outcome.doing} of {release}" if release else record.outcome.doing
