# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a run: whole, well-formed, and with nothing of what is foreign taken for markup."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.page import PageRun, page
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.record import Record
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.series import Point, Series

from tests.rolled_back import BEGAN, OUTCOME, SERIES, TRAFFIC, rolled_back

VOID = {"meta", "link"}
EVIL = "<script>alert('\"&')</script>"


@dataclass
class Seen(HTMLParser):
    """What a browser finds: each element with its classes, and all text."""

    open: list[str] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        self.classes.update(name for key, value in attrs if key == "class" for name in (value or "").split())
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += f"{data}\n"


def seen(*runs: PageRun) -> Seen:
    found = Seen()
    found.feed(page(runs))
    found.close()
    assert found.open == []
    return found


def test_one_glance_tells_what_happened() -> None:
    found = seen(PageRun(rolled_back(), SERIES))
    for text in ("Rolled back", "1.0.0", "1.2.0-bad", "The release of web was rolled back."):
        assert text in found.text
    assert "traffic back within\n3 s" in found.text
    assert "most traffic on green\n10 %" in found.text
    assert "requests\n8,401" in found.text
    assert "failed\n121 (1.4 %)" in found.text
    assert {"warn", "head"} <= set(found.classes)


def test_it_draws_weights_requests_errors_and_latency_of_each_color() -> None:
    found = seen(PageRun(rolled_back(), SERIES))
    assert found.tags["svg"] == 4
    assert [found.classes[name] for name in ("weight", "requests", "errors", "latency")] == [1, 1, 1, 1]
    assert found.classes["area"] == 2 + 3 + 3  # weights have no part that nobody got
    assert found.classes["line"] == 2
    assert found.classes["failure"] == 4 + 1  # in each chart, and in the legend
    assert "120 on green, 1 on no environment" in found.text


def test_each_stage_is_there_with_how_it_went() -> None:
    found = seen(PageRun(rolled_back()))
    assert [found.tags["li"], found.classes["skipped"]] == [5 + 3, 2]
    assert [value for key, value in found.attributes if key == "aria-label"][-5:] == [
        *("done", "failed", "done"),
        *("skipped", "skipped"),
    ]
    assert "fail: Alarm web-5xx is in ALARM." in found.text


def test_without_series_it_draws_the_weights() -> None:
    assert seen(PageRun(rolled_back())).tags["svg"] == 1


def test_of_a_run_that_only_tags_know_it_shows_the_end() -> None:
    outcome = replace(OUTCOME, reason="Alarm web-5xx is in ALARM.")
    found = seen(PageRun(Record("web", outcome)))
    assert found.tags["svg"] == 0
    assert "Stages" not in found.text
    assert "Alarm web-5xx is in ALARM." in found.text


@pytest.mark.parametrize(
    ("outcome", "alive", "word", "tone"),
    [
        (replace(OUTCOME, end_state="succeeded"), False, "Succeeded", "good"),
        (replace(OUTCOME, end_state="halted"), False, "Halted: a person is needed", "bad"),
        (replace(OUTCOME, doing="rollback"), False, "Rolled back", "good"),
        (replace(OUTCOME, end_state="refused"), False, "Refused: nothing was changed", "warn"),
        (replace(OUTCOME, end_state="", ended=None), True, "At work", "idle"),
        (replace(OUTCOME, end_state="", ended=None), False, "Died without an end", "bad"),
        (replace(OUTCOME, end_state="of the future"), False, "of the future", "idle"),
    ],
)
def test_every_end_has_its_word(outcome: Outcome, alive: bool, word: str, tone: str) -> None:
    found = seen(PageRun(replace(rolled_back(), outcome=outcome), alive=alive))
    assert word in found.text
    assert f'class="head {tone}"' in page([PageRun(replace(rolled_back(), outcome=outcome), alive=alive)])


def test_nothing_foreign_is_markup() -> None:
    version = Version(EVIL, EVIL)
    outcome = replace(OUTCOME, run=EVIL, doing=EVIL, by=EVIL, before=version, to=version, reason=EVIL, end_state=EVIL)
    traffic = replace(TRAFFIC, stable=EVIL, weights={EVIL: 100, "green": 0})
    record = Record(EVIL, outcome, why=EVIL, plan=(EVIL, EVIL), message=EVIL, traffic=traffic)
    record = record.begin(EVIL, 1, BEGAN).end({"msg": EVIL, "reasons": [EVIL], "verdict": EVIL}, BEGAN + 1)
    series = Series(1, EVIL, {EVIL: [Point(BEGAN, 1, 1, 1.0)], "green": [Point(BEGAN, 1, 1, 1.0)]})
    found = seen(PageRun(record, series))
    assert found.tags["script"] == 0
    assert set(found.tags) <= {
        *("html", "head", "meta", "title", "link", "style", "body", "article", "header", "section", "footer", "figure"),
        *("h1", "h2", "p", "div", "span", "i", "b", "small", "em", "dl", "dt", "dd", "ol", "ul", "li", "figcaption"),
        *("svg", "path", "rect"),
    }
    assert not [key for key, _value in found.attributes if key.startswith("on")]
    assert found.text.count("<script>") >= 12


def test_it_loads_nothing() -> None:
    found = seen(PageRun(rolled_back(), SERIES))
    assert [value for key, value in found.attributes if key in ("src", "href", "xlink:href")] == ["data:,"]
    assert "url(" not in page([PageRun(rolled_back(), SERIES)])
    assert any((value or "").startswith("default-src 'none'") for _key, value in found.attributes)


def test_the_same_run_makes_the_same_page() -> None:
    assert page([PageRun(rolled_back(), SERIES)]) == page([PageRun(rolled_back(), SERIES)])


def test_a_long_run_has_few_enough_points_to_be_drawn() -> None:
    long = Series(60, "p90", {"blue": [Point(BEGAN + 60 * at, 600, 6, 20.0) for at in range(3000)]})
    coarse = long.coarser()
    assert len(coarse.points["blue"]) <= 120
    assert (coarse.requests, coarse.errors) == (long.requests, long.errors)
    assert len(page([PageRun(rolled_back(), long)])) < 120_000


def test_labels_that_have_no_room_are_left_out() -> None:
    record = rolled_back()
    moves = [{"weight": weight, "seconds": 0.1 * weight} for weight in range(91, 101)]
    record = record.begin("Return the traffic", None, BEGAN + 70).end({"moves": moves}, BEGAN + 72)
    shown = re.findall(r'<span style="left:[^"]*" class="(green[^"]*)">([^<]*)', page([PageRun(record)]))
    assert shown[0] == ("green", "10 %")
    assert shown[-1] == ("green", "0 %")
    assert len(shown) < len(moves)


def test_several_runs_follow_each_other() -> None:
    assert seen(PageRun(rolled_back()), PageRun(rolled_back(), SERIES)).tags["article"] == 2
