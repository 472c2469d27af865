# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says how a run has ended, and the state of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..._args.base.leased import LeaseOptions
from ..._args.base.options import given
from ..._args.release.plan import OutcomeOptions
from ..._aws.traffic import elbv2
from ..._core.base.end_states import HALTED, PAUSED, REFUSED, UNCHANGED
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report
from ..._core.base.verdicts import INCONCLUSIVE
from ..._core.history.outcome import Outcome, Version, tags_with
from ..._core.history.record import Record
from ..._core.release.closing import closing
from ..._core.release.export import facts, facts_in_short, key_of, not_begun, unplanned
from ..._core.release.outcome import Ended, Failure, fails
from ..._core.release.summary import KEPT, summarize
from ..._core.service.place import Place
from ..base.run import Run
from ..history.journal import journal_of
from ..history.whole import note_refusal, note_whole
from ..lease.hold import give_back, still_held
from ..lease.run_id import new_run
from ..safety.schedules import disarm_later
from ..service.found import find_service


def outcome(options: OutcomeOptions, run: Run) -> dict[str, Any]:
    """The work of module outcome. A report never fails: where AWS does not answer, it says what is known.

    With it the run ends, so others may change the service from then on.
    """
    ended = _report(options, run)
    return {**ended, "fails": _fails(options, ended)}


def _fails(options: OutcomeOptions, ended: Mapping[str, Any]) -> bool:
    return fails(ended["end_state"], options.fail_on, options.plan or {}, failed=options.failure is not None)


def _report(options: OutcomeOptions, run: Run) -> dict[str, Any]:
    if options.refused is not None:
        return _refused(options, given(options.service), options.refused, run)
    said = options.ended or given(options.plan)
    after = said.get("after") or (_read(run, said["definition"]) if _acted(said) else said.get("service"))
    if options.ended is not None:
        ended = _unplanned(options, given(options.service), options.ended, after, run)
    else:
        ended = _planned(options, given(options.plan), after, run)
    if run.check_mode:
        return ended
    short = _summary(options, run, ended, after)
    return {**ended, "warnings": [*_over(options, run, short, after), *_note(options, run, ended, short)]}


def _acted(said: Mapping[str, Any]) -> bool:
    """Whether the service may stand otherwise than it was read last. A plan without anything to do has done nothing."""
    return "definition" in said and said.get("doing") != ""


def _refused(options: OutcomeOptions, service: str, why: str, run: Run) -> dict[str, Any]:
    """A run that has begun may have changed something, so that a person has to look."""
    if options.overtaken and (options.asked or {}).get("yields"):
        return _exported(options, service, {"end_state": UNCHANGED, "message": why})
    ended: dict[str, Any] = {"end_state": HALTED if options.begun else REFUSED, "message": why}
    if options.asked:
        ended |= {"image": options.asked.get("image"), "to": Version.of(options.asked).as_data(), "reason": why}
    noted = note_refusal(run, service, options.by, options.asked or {}, why)
    return {**_exported(options, service, ended), "warnings": noted}


def _note(options: OutcomeOptions, run: Run, ended: Mapping[str, Any], short: Outcome) -> Sequence[str]:
    """In the store, where there is one."""
    if options.lease is None:
        return _note_whole(options, run, ended["message"], short)
    if not options.lease.store:
        return []
    stage, result = _stopped(options, options.lease)
    journal = journal_of(run, options.lease)
    journal.change(
        lambda record: record.fail(stage.get("number"), result),
        lambda record: record.over(short, ended["message"]),
    )
    return journal.wait()


def _note_whole(options: OutcomeOptions, run: Run, message: str, short: Outcome) -> Sequence[str]:
    """A rollback that had no traffic to return, or could not read any, has taken no lease, so it has no record yet."""
    store = (options.ended or {}).get("definition", {}).get("store")
    if short.end_state == REFUSED:
        asked = {"store": store, "doing": short.doing, "run": short.run}
        return note_refusal(run, given(options.service), options.by, asked, message)
    if not store or short.end_state not in KEPT:
        return []
    return note_whole(run, store, Record(given(options.service), short, message=message))


def _stopped(options: OutcomeOptions, lease: LeaseOptions) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The stage in which the run has stopped, and what it has seen."""
    if options.paused is not None:
        return lease.stage or {}, {"verdict": INCONCLUSIVE, "msg": options.paused}
    failure = options.failure or {}
    return failure.get("stage") or {}, failure.get("result") or {}


def _summary(options: OutcomeOptions, run: Run, ended: Mapping[str, Any], after: Mapping[str, Any] | None) -> Outcome:
    claim = options.lease.claim if options.lease else {"run": new_run(run.clock.now()), "by": options.by}
    said = {key: (options.ended or {}).get(key) for key in ("reason", "left")}
    return summarize({**said, **ended}, options.plan, after, claim, run.clock.now(), options.returned_at)


def _over(options: OutcomeOptions, run: Run, short: Outcome, after: Mapping[str, Any] | None) -> list[str]:
    """What is left to be done by the run, as long as it has the lease, and what of it failed."""
    if options.lease and not _is_held(after, options.lease, run):
        return []
    problems = Report()
    if short.end_state in KEPT and after:
        problems.of(_keep, run, short, after)
    left = [f"How this run ended is not in the history. {each}" for each in problems.findings]
    if options.lease:
        left += _disarm(options, run)
        with suppress(BluegreenError):  # it is over by itself soon
            give_back(run, options.lease)
    return left


def _keep(run: Run, new: Outcome, after: Mapping[str, Any]) -> None:
    """In tags, by one call."""
    arns = [arn for each in after["environments"].values() for arn in each["target_group_arns"]]
    elbv2.add_tags(run.client("elbv2"), arns, tags_with(new, list(map(Outcome.from_data, after["outcomes"]))))


def _planned(
    options: OutcomeOptions, plan: Mapping[str, Any], after: Mapping[str, Any] | None, run: Run
) -> dict[str, Any]:
    now = run.clock.now()
    ended = _ended(options, plan, after, run.check_mode) | facts(plan, after, options.failure, now)
    for line in closing(ended, plan, after, now, fails=_fails(options, ended)):
        run.progress(line)
    return _exported(options, plan["definition"]["service"], ended)


def _disarm(options: OutcomeOptions, run: Run) -> list[str]:
    """From here on nobody pushes the schedules on by which AWS returns the traffic, as where a release pauses. One that
    has failed has returned the traffic, which removes them, or could not: then AWS may."""
    definition = options.plan["definition"] if options.plan and not options.failure else {}
    return disarm_later(run, definition["service"]) if definition.get("return_role") else []


def _is_held(after: Mapping[str, Any] | None, lease: LeaseOptions, run: Run) -> bool:
    """As far as is known: who has lost it writes nothing more."""
    if lease.store:
        return still_held(run, lease)
    holder = after["lease"] if after else None
    return after is None or (holder is not None and holder["run"] == lease.claim["run"])


def _unplanned(
    options: OutcomeOptions, service: str, kept: Mapping[str, Any], after: Mapping[str, Any] | None, run: Run
) -> dict[str, Any]:
    ended = unplanned(service, kept, after, check_mode=run.check_mode)
    shown = "message" in kept or ("reason" in kept and _fails(options, ended))  # a task fails with it
    if not shown:
        run.progress(ended["message"])
    if options.plan or options.lease:  # a roll or a rollback, and not a freeze
        ended |= facts_in_short(_summary(options, run, ended, after))
    return _exported(options, service, ended)


def _ended(
    options: OutcomeOptions, plan: Mapping[str, Any], after: Mapping[str, Any] | None, check_mode: bool
) -> dict[str, Any]:
    """How a run has ended that had a plan. ``after`` is the service at the end, None when it cannot be read."""
    failed = StageFailure(options.failure or {})
    ended = Ended(
        plan,
        after,
        plan["service"],
        shifted=failed.shifted,
        attempted=failed.attempted,
        check_mode=check_mode,
        failure=failed.failure(options.returned) if options.failure else None,
    ).outcome()
    if options.paused is not None:
        ended |= {"end_state": PAUSED, "message": _paused(plan, options.paused)}
    if options.failure and options.returned_at:
        ended["rollback_seconds"] = round(options.returned_at - float(options.failure["evidence_at"]), 1)
    return ended


class StageFailure:
    """What the tasks of a release keep of a stage that failed: ``reason``, ``stage`` as the plan has it, ``written``:
    whether the stage had written its weights by then, and of the return ``unfinished`` and ``other_run``."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._kept = kept
        stage = kept.get("stage") or {}
        self._shift: Mapping[str, Any] = stage if "step" in stage and "weights" in stage else {}

    @property
    def shifted(self) -> Mapping[str, int] | None:
        """The weights that were written last, where it is a shift that failed."""
        return self._shift.get("weights" if self._kept.get("written") else "expected")

    @property
    def attempted(self) -> int | None:
        """The candidate's weight in a shift of which nobody knows whether it was done."""
        return int(self._shift["step"]["weight"]) if self._shift and not self._kept["written"] else None

    def failure(self, returned: bool) -> Failure:
        kept = self._kept
        return Failure(kept["reason"], returned, kept.get("unfinished", ""), kept.get("other_run", ""))


def _exported(options: OutcomeOptions, service: str, ended: Mapping[str, Any]) -> dict[str, Any]:
    """As set_stats hands data on: what a play exports to the workflow that it is part of."""
    exported = {"service": service, **ended}
    data = {
        **not_begun(ended, service, options.later, failed=options.failure is not None),
        key_of(service): {**exported, **(options.data or {})},
    }
    stats = {"data": data, "per_host": False, "aggregate": False}
    return {"changed": False, "msg": ended["message"], **exported, "ansible_stats": stats}


def _read(run: Run, said: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        place = Place.parse(said["service"], said["routes"], said["target_groups"])
        found = find_service(run, place, said.get("stable"), groups=True)
    except BluegreenError:
        return None
    return found.service.as_data(run.now)


def _paused(plan: Mapping[str, Any], why: str) -> str:
    return (
        f"The release of {plan['definition']['service']} pauses. {why} Run the same playbook again to continue from "
        "here, with bluegreen_inconclusive=continue to continue without this evidence, or rollback.yml to return the "
        "traffic. Until then, only your alarms watch it."
    )
