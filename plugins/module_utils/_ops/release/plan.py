# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a run: reads the service, and all that could prevent the run, and decides its stages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ..._args.release.plan import WHOLE, Part, PlanOptions
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refuse
from ..._core.release.case import Case
from ..._core.release.definition import Definition, as_data
from ..._core.release.export import check_keys
from ..._core.release.intent import Intent, find_intent
from ..._core.release.pace import poll_seconds
from ..._core.release.plan import ROLL
from ..._core.release.planner import Planner
from ..._core.release.preflight import Examined, examine
from ..._core.service.environments import Service
from ..base.run import Run
from ..lease.run_id import new_run
from ..service.read import survey_service
from .facts import read_facts

EVERYTHING = ("routes", "health", "groups")


def plan(options: PlanOptions, run: Run) -> dict[str, Any]:
    """The work of module plan. Reads only; in check mode it shows what each stage would change."""
    at_once = min(options.services, options.forks or options.services)
    values = {**options.definition, "user_data": options.user_data}
    values["poll_seconds"] = values["poll_seconds"] or poll_seconds(at_once)
    check_keys([values["service"], *options.others])
    _check_others(values["service"], options.failed, options.max_failed)
    definition, report, now = Definition.read(values), Report(), datetime.fromtimestamp(run.clock.now(), UTC)

    asked = _asked(options, definition, now.timestamp())
    service = _read_service(run, definition, report)
    intent = find_intent(definition, service, options.stages)
    examined = _examine(options, run, definition, intent, [*options.findings, *report.findings], now)
    warned = [*options.remarks, *examined.warned]
    refuse(
        "This cannot be released", examined.found, {"asked": asked, "unchecked": examined.unchecked, "warnings": warned}
    )
    if service is None:
        raise BluegreenError(f"{values['service']} cannot be read.")
    stages = Planner(options.stages, service, intent.release, intent.asked, definition, now).stages()
    return {
        "changed": run.check_mode and bool(stages),
        **({"diff": [stage.diff() for stage in stages if stage.changes]} if run.check_mode else {}),
        "service": service.as_data(now),
        **intent.as_data(),
        **examined.as_data(),
        "warnings": warned,
        "definition": as_data(values),
        "asked": asked,
        "run": asked["run"],
        "began": now.timestamp(),
        "parts": list(options.stages),
        "doing": _doing(options.stages) if stages or intent.release.brings_up == ROLL else "",
        "stages": [{"number": number, "of": len(stages), **each.as_data()} for number, each in enumerate(stages, 1)],
    }


def _asked(options: PlanOptions, definition: Definition, now: float) -> dict[str, Any]:
    """What the record of a run has that is refused."""
    return {
        "store": definition.store,
        "run": options.run or new_run(now),
        "doing": _doing(options.stages),
        "began": now,
        "image_id": definition.candidate.image_id,
        "release": definition.candidate.release,
        "why": definition.gates.override.reason,
    }


def _doing(parts: Sequence[Part]) -> str:
    return "deploy" if tuple(parts) == tuple(WHOLE) else " and ".join(parts)


def _read_service(run: Run, definition: Definition, report: Report) -> Service | None:
    """None where the variables do not say where it is, which is a finding already."""
    if not definition.place.routes or not definition.place.target_groups:
        return None
    return survey_service(run, report, definition.place, EVERYTHING)


def _examine(
    options: PlanOptions, run: Run, definition: Definition, intent: Intent, known: Sequence[str], now: datetime
) -> Examined:
    """Where there is nothing to do, nothing else is looked at."""
    if intent.is_empty and not known and not intent.hindrances:
        return Examined(intent.summary)
    facts = read_facts(run, definition, intent, options.stages)
    return examine(Case(definition, intent, facts, options.stages, options.services, options.forks), known, now)


def _check_others(service: str, failed: Sequence[str], limit: int | None) -> None:
    """Nothing begins after too many services of the same run have failed."""
    if limit is not None and len(failed) > limit:
        raise BluegreenError(
            f"{service} is not released: {', '.join(failed)} failed in this run, and bluegreen_max_failed is {limit}. "
            "Look at what failed first, then run it again."
        )
