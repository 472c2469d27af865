# SPDX-License-Identifier: GPL-3.0-or-later
"""The end state of a run, and what it says."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.outcome import Ended, Failure, fails

CYCLE = ["provision", "verify", "swap", "teardown"]
REASON = "Alarm rang."


def service(
    green_image: str | None = "new", share: int = 0, stable: str = "blue", agree: bool = True
) -> dict[str, Any]:
    images, shares = {"blue": "old", "green": green_image}, {"blue": 100 - share, "green": share}
    environments = {
        color: {
            "color": color,
            "target_group_arn": f"arn:{color}",
            "group": image and f"web-{color}",
            "image_id": image,
            "release": image,
            "user_data_sha256": None,
            "weight": shares[color],
            "rejected": None,
            "healthy": 1,
        }
        for color, image in images.items()
    }
    weights = {f"arn:{color}": share for color, share in shares.items()} if agree else None
    other = "green" if stable == "blue" else "blue"
    return {
        "service": "web",
        "stable": stable,
        "candidate": other,
        "weights": weights,
        "sessions": "",
        "environments": environments,
        "phase": "settled",
        "lease": None,
    }


def plan(brings_up: str = "candidate", before: dict[str, Any] | None = None, **wanted: str) -> dict[str, Any]:
    asked = {"image_id": "new", "release": "", "user_data": ""} | wanted
    return {"service": before or service(None), "brings_up": brings_up, "wanted": asked}


def ended(plan: dict[str, Any], stages: list[str], after: dict[str, Any] | None, **options: Any) -> tuple[str, str]:
    outcome = Ended(plan | {"parts": stages}, after, plan["service"], **options).outcome()
    return outcome["end_state"], outcome["message"]


DONE = service("new", 100, "green")


@pytest.mark.parametrize(
    ("plan", "stages", "after", "state"),
    [
        (plan(), CYCLE, DONE, "succeeded"),
        (plan(), ["provision"], service(), "provisioned"),
        (plan(), ["provision", "verify"], service(), "verified"),
        (plan(before=service()), ["verify"], service(), "verified"),
        (plan(before=service()), ["swap"], DONE, "succeeded"),
        (plan("nothing", DONE), CYCLE, DONE, "unchanged"),
        (plan("nothing", service(None)), ["teardown"], service(None), "unchanged"),
        (plan("nothing", service()), ["teardown"], service(None), "succeeded"),
        (plan("nothing", DONE, release="1.1"), CYCLE, DONE, "unchanged"),
        (plan(), CYCLE, service(), "halted"),  # swap was left out
        (plan(release="1.1"), CYCLE, DONE, "halted"),
        (plan(user_data="5e1f"), CYCLE, DONE, "halted"),
        (plan(image_id="newer"), CYCLE, DONE, "halted"),
        (plan(), ["provision"], service(None), "halted"),
        (plan(), CYCLE, None, "halted"),
    ],
)
def test_a_run_in_which_nothing_failed(plan: Any, stages: list[str], after: Any, state: str) -> None:
    assert ended(plan, stages, after)[0] == state


def test_check_mode_says_where_the_traffic_is() -> None:
    standing = service("new", 10)
    state, said = ended(plan(before=standing), CYCLE, standing, check_mode=True)
    assert (state, said) == (
        "checked",
        "Check mode has changed nothing of web. Blue has 90 % and green 10 % of the traffic.",
    )
    state, said = ended(plan(before=standing), CYCLE, standing, check_mode=True, failure=Failure(REASON))
    assert state == "checked"
    assert "blue has all traffic" not in said.lower()


@pytest.mark.parametrize(
    ("plan", "stages", "after", "failure", "state", "said"),
    [
        (
            plan(),
            CYCLE,
            service(),
            Failure(REASON),
            "rolled_back",
            "was rolled back; blue has all traffic. Alarm",
        ),
        (plan("nothing"), CYCLE, service(None), Failure(REASON), "halted", "there was nothing to return"),
        (plan("nothing"), ["teardown"], service(), Failure(REASON), "halted", "there was nothing to return"),
        (plan(), CYCLE, DONE, Failure(REASON), "succeeded", "stays, but what followed failed; green has all traffic"),
        (plan(), CYCLE, service("new", 10), Failure(REASON, other_run="r2"), "halted", "Run r2 has taken"),
        (
            plan(),
            CYCLE,
            service("new", 10),
            Failure(REASON, unfinished="No."),
            "halted",
            "blue has 90 % and green 10 %",
        ),
        (plan(), CYCLE, service(agree=False), Failure(REASON, unfinished="No."), "halted", "differently"),
        (plan(), CYCLE, None, Failure(REASON), "halted", "the last known state is that blue has all traffic"),
    ],
)
def test_a_run_in_which_a_stage_failed(
    plan: Any, stages: list[str], after: Any, failure: Failure, state: str, said: str
) -> None:
    found = ended(plan, stages, after, failure=failure)
    assert found[0] == state
    assert said.lower() in found[1].lower()
    assert REASON in found[1]


@pytest.mark.parametrize(
    ("image", "rejected", "said"),
    [
        (
            "new",
            {"at": None, "reason": REASON},
            "web-green is kept for inspection and marked as rejected. Fix what failed",
        ),
        ("new", None, "web-green is kept for inspection. Fix what failed"),
        (None, None, "Nothing of the candidate is kept. Fix what failed"),
    ],
)
def test_who_reads_of_a_failure_reads_what_is_kept_and_what_to_do(image: str | None, rejected: Any, said: str) -> None:
    after = service(image)
    after["environments"]["green"]["rejected"] = rejected
    assert said in ended(plan(), CYCLE, after, failure=Failure(REASON))[1]


def test_a_first_group_that_stays_was_not_rolled_back() -> None:
    """Declaring it stable has failed, or it is kept for inspection: it has all traffic either way."""
    state, message = ended(plan("first"), CYCLE, service(None), failure=Failure(REASON))
    assert state == "halted"
    assert "web-blue stays in blue, and blue has all traffic." in message
    assert message.endswith("run the same playbook again: it continues with this group.")
    removed = service(None)
    removed["environments"]["blue"]["group"] = None
    state, message = ended(plan("first"), CYCLE, removed, failure=Failure(REASON))
    assert (state, "Nothing of the candidate is kept." in message) == ("rolled_back", True)


def test_a_first_group_that_never_became_healthy_has_to_be_deleted_before_another_is_made() -> None:
    """Otherwise it is continued with as it is, or declared stable and released over."""
    never = service(None)
    never["environments"]["blue"]["healthy"] = 0
    _state, message = ended(plan("first"), CYCLE, never, failure=Failure(REASON))
    assert message.endswith(
        "it continues with this group. To release another image, or with other settings, delete web-blue first: it has "
        "no healthy target, and stays as it is."
    )


def test_the_weights_that_were_written_last_are_known_where_nothing_can_be_read() -> None:
    failure = Failure("The token has expired.", unfinished="The token has expired.")
    state, said = ended(plan(), CYCLE, None, failure=failure, shifted={"blue": 90, "green": 10})
    assert state == "halted"
    assert "the last known state is that blue has 90 % and green 10 % of the traffic" in said


def test_a_shift_whose_answer_was_lost_is_reported_where_nothing_can_be_read() -> None:
    said = ended(plan(), CYCLE, None, failure=Failure(REASON, unfinished="No."), attempted=10)[1]
    assert "blue has all traffic. This run tried to give green 10 % after that, and may have done so." in said


def test_a_teardown_that_a_rollback_has_overtaken_says_nothing_of_a_release() -> None:
    """What was to be removed has become stable meanwhile."""
    failure = Failure("green of web is stable; it has to stay.")
    state, message = ended(plan(brings_up="nothing"), ["teardown"], DONE, failure=failure)
    assert state == "halted"
    assert "The run for web failed, and there was nothing to return: green of web is stable" in message


def watched(do: str, why: str = "Job 1 has not renewed its lease.", after: dict[str, Any] | None = None) -> Any:
    """A watch without a candidate left, whose plan is this."""
    return ended({**plan("nothing", after), "watch": {"do": do, "why": why}}, ["watch"], after or service(None))


@pytest.mark.parametrize(
    ("phase", "alive", "named"), [("shifting", False, True), ("settled", False, False), ("shifting", True, False)]
)
def test_a_teardown_that_finds_nothing_due_says_who_died_in_the_middle(phase: str, alive: bool, named: bool) -> None:
    lease = {"by": "job 42", "doing": "deploy", "since": "2026-11-23T03:10:00+00:00", "silent_seconds": 240}
    split = service(share=10) | {"phase": phase, "lease": lease | {"alive": alive}}
    state, said = ended(plan("nothing", split), ["teardown"], split)
    assert state == "unchanged"
    assert ("job 42 has not renewed its lease for 4 min 0 s: deploy" in said) is named
    assert ("deploy.yml continues it, rollback.yml returns the traffic." in said) is named


def test_a_watch_says_what_it_did_and_why() -> None:
    assert watched("return") == (
        "rolled_back",
        "The release of web was rolled back. Job 1 has not renewed its lease. Blue has all traffic.",
    )
    state, message = watched("remove", "web-green was rejected at 12:00.")
    assert state == "succeeded"
    assert message.startswith("The rejected candidate of web is removed. web-green was rejected at 12:00.")
    assert watched("", "", service(None)) == (
        "unchanged",
        "Nothing of web was to be changed. Blue has all traffic.",
    )


@pytest.mark.parametrize(("do", "job_fails"), [("return", False), ("resume", True)])
def test_a_watch_that_returned_the_traffic_has_done_what_it_is_for(do: str, job_fails: bool) -> None:
    assert fails("rolled_back", ["rolled_back"], {"watch": {"do": do, "why": ""}}) is job_fails
    assert fails("halted", ["halted"], {"watch": {"do": do, "why": ""}})


@pytest.mark.parametrize(("fail_on", "job_fails"), [(["halted"], True), ([], False)])
def test_what_fails_after_a_release_that_stays_fails_the_job(fail_on: list[str], job_fails: bool) -> None:
    assert fails("succeeded", fail_on, {}, failed=True) is job_fails
    assert not fails("succeeded", fail_on, {})


@pytest.mark.parametrize("do", ["return", "remove"])
def test_what_a_watch_could_not_do_is_tried_again(do: str) -> None:
    made = {**plan("nothing"), "watch": {"do": do, "why": "x"}}
    state, message = ended(made, ["watch"], service(share=10), failure=Failure(REASON))
    assert state == "halted"
    assert f"of web could not be {'rolled back completely' if do == 'return' else 'removed'}" in message
    assert message.endswith("The next watch tries it again.")
