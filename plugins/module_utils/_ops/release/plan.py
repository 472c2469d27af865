# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a run: reads the service, and everything that could prevent the run, and decides its stages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from ..._args.release.plan import PlanOptions
from ..._core.base.durations import elapsed
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refuse
from ..._core.definition.service import Definition
from ..._core.lease.contest import Holder
from ..._core.release.bring_up import ROLL
from ..._core.release.case import Case
from ..._core.release.export import check_keys
from ..._core.release.intent import Intent, find_intent
from ..._core.release.planner import Planner
from ..._core.release.preflight import Examined, examine
from ..._core.service.environments import Service
from ..base.run import Run, together
from ..base.wait import rest
from ..launch.images import read_matches
from ..lease.holder import stored_holder
from ..service.read import survey_service
from .facts import read_facts
from .image import Resolved, resolve
from .planned import Beginning
from .watch import watch


def plan(options: PlanOptions, run: Run) -> dict[str, Any]:
    """The work of module plan. Reads only; in check mode it shows what each stage would change."""
    if seconds := options.begins_after:
        run.progress(f"begins in {elapsed(seconds)}, because many services of this play begin at the same time")
        rest(run, "waiting until it begins", seconds)
    return watch(options, run, plan_release) if "watch" in options.stages else plan_release(options, run)


def plan_release(options: PlanOptions, run: Run) -> dict[str, Any]:
    beginning, report = Beginning.read(options, run), Report()
    check_keys([beginning.name, *options.others])
    _check_others(beginning.name, options.failed, options.max_failed)

    image, service = _read(run, beginning, report)
    beginning = beginning.with_image(image) if image else beginning
    intent = find_intent(beginning.definition, service, beginning.parts)
    known = [*options.findings, *report.findings]
    examined = _examine(options, run, beginning, intent, image, known)
    warned, asked = [*options.remarks, *examined.warned], beginning.asked
    refuse(
        "This cannot be released", examined.found, {"asked": asked, "unchecked": examined.unchecked, "warnings": warned}
    )
    if service is None:
        raise BluegreenError(f"{beginning.name} cannot be read.")
    planner = Planner(
        service=service,
        bring_up=intent.bring_up,
        asked=intent.asked,
        definition=beginning.definition,
        strays=examined.strays,
        zonal=examined.zonal,
        parts=beginning.parts,
        at=beginning.now,
        quiet_after=examined.quiet_after,
    )
    stages = planner.stages()
    found = {**intent.as_data(), **examined.as_data(), "warnings": [*warned, *planner.kept()]}
    acts = bool(stages) or intent.bring_up.kind == ROLL
    if not acts and beginning.definition.store:
        service = replace(service, holder=_holder(run, beginning.definition.store, service))
    return beginning.planned(run, service, stages, found, acts=acts or service.has_left_lease)


def _read(run: Run, beginning: Beginning, report: Report) -> tuple[Resolved | None, Service | None]:
    """The service, and the image where a rule says it; side by side, as both take their time."""
    rule = beginning.definition.candidate.rule
    if rule is None:
        return None, _read_service(run, beginning.definition, report)
    missed = Report()
    images, service = together(
        partial(missed.of, read_matches, run, rule), partial(_read_service, run, beginning.definition, report)
    )
    found = (run, rule, images, service, beginning.parts, beginning.now)
    image = None if images is None else missed.of(resolve, *found)
    for finding in missed.findings:
        report.note(finding)
    return image, service


def _read_service(run: Run, definition: Definition, report: Report) -> Service | None:
    """None where the variables do not say where it is, which is a finding already."""
    if not definition.place.routes or not definition.place.target_groups:
        return None
    return survey_service(run, report, definition.place, groups=True, health=True)


def _examine(
    options: PlanOptions,
    run: Run,
    beginning: Beginning,
    intent: Intent,
    image: Resolved | None,
    known: Sequence[str],
) -> Examined:
    """What the checks find. Where there is nothing to do, nothing else is checked."""
    if intent.is_empty and not known and not intent.hindrances:
        return Examined((image and image.stays) or intent.summary)
    facts = read_facts(run, beginning.definition, intent, image.found.image if image else None)
    case = Case(beginning.definition, intent, facts, beginning.now, options.services, options.forks, options.strategy)
    return examine(case, known)


def _holder(run: Run, store: str, service: Service) -> Holder | None:
    """Who has the lease, or died with it. A store that does not answer prevents no run that has nothing to do."""
    with suppress(BluegreenError):
        return stored_holder(run, store, service.name) or service.holder
    return service.holder


def _check_others(service: str, failed: Sequence[str], limit: int | None) -> None:
    """Nothing begins after too many services of the same run have failed."""
    if limit is not None and len(failed) > limit:
        raise BluegreenError(
            f"{service} is not released: {', '.join(failed)} failed in this run, and bluegreen_max_failed is {limit}. "
            "Look at what failed first, then run it again."
        )
