# SPDX-License-Identifier: GPL-3.0-or-later
"""What a watch does for a service: it ends what was left, and touches nothing that a run works on or a person chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.approval import Approval
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.service import WatchSettings
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.capacity import Bounds
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.marks import Marks, Remark
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.contest import Holder
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.parts import WHOLE, Part, ReleaseParts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.watch import (
    Due,
    find_due,
    stage_of_return,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.freeze import Freeze
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.group import Group

from tests.unit.plugins.module_utils._core.definition.reading import define

from ..service.services import NOW, group, route, service
from ..traffic.routes import BLUE, GREEN

DAY = 86400
OLD, NEW = Version("ami-0", "1.0.0"), Version("ami-1", "1.1.0")
RULES = WatchSettings(resumes=False, keep_failed=DAY)
TAKES_ON = replace(RULES, resumes=True)
REJECTED = Remark("errors", NOW - timedelta(seconds=DAY))
HARD = Freeze("Stock-taking")


def candidate(**fields: Any) -> Group:
    return group("green", **{"marks": Marks("run-1"), **fields})


def rejected(at: datetime | None = REJECTED.at, **marks: Remark) -> Group:
    return candidate(marks=Marks("run-1", Remark("errors", at), **marks))


def split(percent: int = 10) -> Service:
    return service([route({BLUE: 100 - percent, GREEN: percent})], candidate())


def waiting(group: Group | None = None) -> Service:
    return service([route({BLUE: 100, GREEN: 0})], group or candidate())


def settled() -> Service:
    return service([route({BLUE: 100, GREEN: 0})], group("green", retain_until=NOW - timedelta(days=9)))


def holder(doing: str = "deploy 3/5: shift green to 10 %", *, alive: bool = False, run: str = "run-1") -> Holder:
    claim = Claim.new(run, doing, "AWX job 4711", "", NOW.timestamp() - 240)
    return Holder(claim, alive)


def ended(state: str, run: str = "run-1", reason: str = "") -> Outcome:
    began = int(NOW.timestamp()) - 600
    return Outcome(run, "deploy", "Alex", began, began + 60, state, Version(), Version(), None, reason)


@pytest.mark.parametrize("stands", [split(), split(100), waiting(), replace(split(), freeze=HARD)])
def test_what_a_run_that_died_has_left_is_returned(stands: Service) -> None:
    due = find_due(stands, [None, holder()], RULES, NOW)
    assert (due.do, due.parts) == ("return", None)
    assert due.why == (
        "AWX job 4711 has not renewed its lease for 4 min 0 s (deploy 3/5: shift green to 10 %, run run-1)."
    )


@pytest.mark.parametrize("stands", [split(), waiting(), waiting(rejected()), settled()])
@pytest.mark.parametrize("rules", [RULES, TAKES_ON])
def test_a_run_that_may_be_at_work_is_left_alone(stands: Service, rules: WatchSettings) -> None:
    """In whichever of two places its lease is kept."""
    due = find_due(stands, [holder(run="older"), holder(alive=True)], rules, NOW)
    assert due.do == ""
    assert due.why.startswith("AWX job 4711 is changing web (deploy")


@pytest.mark.parametrize(
    ("doing", "do", "parts"),
    [
        ("deploy", "resume", WHOLE),
        ("deploy 3/5: drain and remove web-green-v002", "resume", WHOLE),
        ("provision 1/2: build web-green-v002 with ami-1", "resume", ("provision",)),
        ("verify and swap 2/9: look for trouble", "resume", ("verify", "swap")),
        ("rollback", "return", None),
        ("teardown", "return", None),
        ("roll", "return", None),
        ("watch 1/1: return the traffic to blue", "return", None),
        ("repair", "return", None),
    ],
)
def test_only_a_release_is_taken_on_and_only_with_its_own_parts(
    doing: str, do: str, parts: tuple[Part, ...] | None
) -> None:
    due = find_due(split(), [holder(doing)], TAKES_ON, NOW)
    assert (due.do, due.parts) == (do, parts and ReleaseParts(parts))


@pytest.mark.parametrize("rules", [RULES, TAKES_ON])
def test_a_candidate_that_another_run_has_left_waiting_goes_on_waiting(rules: WatchSettings) -> None:
    """For an approval, say, while a run that was to replace it died before its first stage."""
    died = holder("deploy", run="run-2")
    left = ended("provisioned", "run-1")
    stands = replace(waiting(), outcomes=[replace(left, began=left.began - 900)])
    due = find_due(stands, [died], rules, NOW)
    assert due.do == ""
    assert due.why.endswith("It had not begun with web-green-v001, which still waits for traffic.")
    assert find_due(stands, [holder("rollback", run="run-2")], rules, NOW).do == "return", "it returned the traffic"
    leaving = waiting(candidate(marks=Marks("run-1", leaving=Remark("replaced", NOW))))
    assert find_due(replace(leaving, outcomes=stands.outcomes), [died], rules, NOW).do == "return"
    assert find_due(waiting(), [died], rules, NOW).do == "return", "of another run that died, as far as is known"
    assert find_due(replace(split(), outcomes=stands.outcomes), [died], rules, NOW).do == "return"


@pytest.mark.parametrize("parts", [WHOLE, ("provision",), ("verify", "swap")])
def test_a_lease_says_what_its_run_is_for(parts: tuple[Part, ...]) -> None:
    assert ReleaseParts.of_lease(ReleaseParts(parts).doing) == ReleaseParts(parts)


def test_what_was_returned_is_not_taken_on() -> None:
    stands = service([route({BLUE: 90, GREEN: 10})], rejected())
    assert find_due(stands, [holder()], TAKES_ON, NOW).do == "return"


@pytest.mark.parametrize(("stands", "do"), [(split(), "return"), (waiting(), "")])
def test_what_cannot_be_taken_on_is_returned_and_may_wait_without_traffic(stands: Service, do: str) -> None:
    due = find_due(stands, [holder()], TAKES_ON, NOW).instead(stands, BluegreenError("An alarm rings."))
    assert due.do == do
    assert due.why.endswith("It cannot be taken on: An alarm rings.")


def test_a_run_that_has_ended_did_not_die_though_its_lease_is_left() -> None:
    paused = replace(split(), outcomes=[ended("paused")])
    assert find_due(paused, [holder()], RULES, NOW).do == ""


def test_what_a_later_run_has_left_is_its_choice_whatever_died_before() -> None:
    """Such as a claim in tags, of a run that died before the service had a store."""
    provisioned = replace(ended("provisioned", "run-2"), began=int(NOW.timestamp()) - 60)
    assert find_due(replace(waiting(), outcomes=[provisioned]), [holder()], RULES, NOW).do == ""
    earlier = replace(provisioned, began=int(NOW.timestamp()) - 900)
    assert find_due(replace(waiting(), outcomes=[earlier]), [holder()], RULES, NOW).do == "return"


@pytest.mark.parametrize(
    ("last", "do", "why"),
    [
        (None, "", "no run of this collection has left it so"),
        ("paused", "", "paused, so a person decides"),
        ("succeeded", "", "no run of this collection has left it so"),
        ("halted", "return", "The last run needed a person: AWS did not answer."),
    ],
)
def test_a_split_that_no_run_holds_is_left_unless_its_return_has_failed(last: str | None, do: str, why: str) -> None:
    stands = replace(split(), outcomes=[ended(last, reason="AWS did not answer.")] if last else [])
    due = find_due(stands, [], TAKES_ON, NOW)
    assert due.do == do
    assert why in due.why


def test_a_settled_service_has_nothing_to_be_returned() -> None:
    assert find_due(settled(), [holder("teardown")], RULES, NOW) == Due()


# -- rejected candidates


def test_a_rejected_candidate_goes_when_its_time_is_over() -> None:
    assert find_due(waiting(rejected()), [], RULES, NOW).do == "remove"
    later = find_due(waiting(rejected(NOW)), [], RULES, NOW)
    assert (later.do, later.why) == ("", "web-green-v001 was rejected, and stays until 2026-11-24 12:00 UTC.")


@pytest.mark.parametrize(
    "stands",
    [
        waiting(),
        waiting(rejected(None)),
        settled(),
        replace(waiting(rejected()), freeze=HARD),
        service([route({BLUE: 90, GREEN: 10})], rejected()),
        service([route({BLUE: 100, GREEN: 0}), route({BLUE: 90, GREEN: 10})], rejected()),
    ],
    ids=["waits", "by hand", "retained", "frozen", "has traffic", "has traffic on one route"],
)
def test_what_is_not_a_rejected_candidate_without_traffic_stays(stands: Service) -> None:
    assert find_due(stands, [], RULES, NOW).do == ""


def test_a_removal_that_died_is_completed() -> None:
    leaving = rejected(NOW, leaving=Remark("removal", NOW))
    assert find_due(waiting(leaving), [holder("watch")], RULES, NOW).do == "remove"


def test_a_freeze_that_is_over_keeps_nothing() -> None:
    stands = replace(waiting(rejected()), freeze=replace(HARD, until=NOW - timedelta(hours=1)))
    assert find_due(stands, [], RULES, NOW).do == "remove"


@pytest.mark.parametrize("left", [{"pinned": Bounds(1, 2)}, {"approval": Approval(10, NOW)}])
def test_a_run_that_died_while_it_rejected_is_completed(left: dict[str, object]) -> None:
    """Pins and questions come after the mark."""
    stands = waiting(replace(rejected(NOW), **left))  # type: ignore[arg-type]
    assert find_due(stands, [holder()], RULES, NOW).do == "return"


def test_another_run_that_has_taken_the_candidate_up_keeps_its_traffic() -> None:
    assert stage_of_return(split(), "It died.").given["run"] == "run-1"
    assert stage_of_return(service([route({BLUE: 90, GREEN: 10})]), "It died.").given["run"] == ""


# -- an alarm after a release

RELEASED = Outcome(
    "run-2", "deploy", "Alex", int(NOW.timestamp()) - 1000, int(NOW.timestamp()) - 600, "succeeded", OLD, NEW
)
LISTENS = replace(RULES, alarm="web-5xx", period=3600)


def after_release(*later: Outcome, **released: Any) -> Service:
    """The previous release is retained; the stable group of these tests has image ami-1."""
    return replace(settled(), outcomes=[*later, replace(RELEASED, **released)])


def test_an_alarm_soon_after_a_release_returns_to_the_one_before() -> None:
    due = find_due(after_release(), [], LISTENS, NOW)
    assert (due.do, due.why) == (
        "roll_back",
        "Alarm web-5xx went into ALARM 10 min 0 s after the release of 1.1.0 (ami-1).",
    )
    teardown = replace(RELEASED, doing="teardown", to=Version())
    assert find_due(after_release(teardown), [], LISTENS, NOW).do == "roll_back"
    assert find_due(after_release(), [], RULES, NOW).do == "", "a watch without an event"


@pytest.mark.parametrize(
    ("stands", "why"),
    [
        (after_release(ended=int(NOW.timestamp()) - 3601), "its watch period of 1 h is over"),
        (after_release(to=Version("ami-2")), "which does not run any more"),
        (after_release(before=NEW, end_state="succeeded"), "the last run released nothing"),
        (after_release(replace(RELEASED, doing="rollback", end_state="rolled_back")), "the last run released nothing"),
        (settled(), "the last run released nothing"),
    ],
    ids=["old", "another one runs", "only a label", "was returned", "nothing is known"],
)
def test_an_alarm_does_nothing_to_what_was_not_just_released(stands: Service, why: str) -> None:
    due = find_due(stands, [], LISTENS, NOW)
    assert due.do == ""
    assert why in due.why


def test_an_alarm_while_a_release_is_paused_returns_it() -> None:
    """Nothing else watches it."""
    due = find_due(replace(split(), outcomes=[ended("paused")]), [], LISTENS, NOW)
    assert (due.do, due.alarm) == ("return", "web-5xx")
    assert find_due(split(), [], LISTENS, NOW).do == "", "a person has split the traffic"


def test_a_run_that_is_at_work_watches_its_alarms_itself() -> None:
    assert find_due(after_release(), [holder(alive=True)], LISTENS, NOW).do == ""


def test_a_release_whose_run_died_goes_before_an_alarm() -> None:
    assert find_due(split(), [holder()], LISTENS, NOW).do == "return"


def test_only_an_alarm_of_the_service_matters_to_it() -> None:
    said = {"alarms": ["web-5xx"], "watch_period": "2h"}
    assert define("watch", **said, event_alarm="web-5xx").watch == WatchSettings(False, DAY, "web-5xx", 7200)
    assert define("watch", **said, event_alarm="shop-5xx").watch.alarm == ""
