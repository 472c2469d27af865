# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the lease of a service for a run, and gives it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._args.base.options import given
from ..._args.lease.lease import TakeOptions
from ..._core.base.errors import BluegreenError
from ..._core.lease.claim import Claim
from ..._core.release.rests_on import find_changes
from ..._core.safety.schedules import SafetyNet
from ..._core.service.override import Override
from ..._core.service.place import Place
from ..._core.service.stable import arns_of
from ..._core.store.stored import UnreachableError
from ..._core.traffic.pairs import read_pairs
from ..base.run import Run
from ..lease.hold import keeper_of, lease_of
from ..lease.keeper import Keeper
from ..safety.schedules import Postponement
from ..service.found import find_service
from ..traffic.named_groups import find_pairs


def lease(options: TakeOptions, run: Run) -> dict[str, Any]:
    """The work of module lease."""
    arns, override = _target_groups(options, run), Override.parse(options.override)
    if options.state == "released":
        return _release(options, run, keeper_of(run, options.service, arns, options.store))
    claim = Claim.new(options.run, given(options.doing), options.by, options.process, run.clock.now(), options.seconds)
    store = options.store
    if not run.check_mode:
        store, claim = _take(options, run, override, arns, claim)
    safety = {"return_role": options.return_role, "return_after": options.return_after}
    return {"changed": True, "lease": lease_of(options.service, arns, claim, store=store, **safety)}


def _target_groups(options: TakeOptions, run: Run) -> list[str]:
    if options.expected is None:
        return arns_of(find_pairs(run, read_pairs(options.target_groups)))
    environments = options.expected["environments"].values()
    return [arn for environment in environments for arn in environment["target_group_arns"]]


def _take(
    options: TakeOptions, run: Run, override: Override, arns: Sequence[str], claim: Claim
) -> tuple[str | None, Claim]:
    """Nobody else may change the service from here on; what was read before may have changed until here. The store that
    the lease is kept in, and the claim that has it; no store where it is in tags, also because a person lets a run
    continue without one."""
    store, force = options.store, override.allows("lease")
    keeper = keeper_of(run, options.service, arns, store)
    try:
        held = _contend(options, run, keeper, claim, force=force)
    except UnreachableError:
        if not override.allows("store"):
            raise
        store, keeper = None, keeper_of(run, options.service, arns)
        held = _contend(options, run, keeper, claim, force=force)
    if options.return_role:  # what a run that died has armed is not to return the traffic while this one continues
        Postponement(run, SafetyNet(options.service, options.return_role, options.return_after)).beat()
    try:
        _compare(options, run)
    except BluegreenError:
        keeper.drop([held])
        raise
    return store, held


def _contend(options: TakeOptions, run: Run, keeper: Keeper, claim: Claim, *, force: bool) -> Claim:
    if force:
        taken, _others = keeper.seize(claim)
        return taken
    if rival := keeper.take(claim):
        raise BluegreenError(
            f"{rival.message(options.service, run.clock.now())} and took the lease first. This run has changed "
            "nothing. Wait until that one has ended, then run again.",
            overtaken=True,
        )
    return claim


def _compare(options: TakeOptions, run: Run) -> None:
    """The plan was made before the lease was taken."""
    if options.expected is None:
        return
    place = Place.parse(options.service, options.routes, options.target_groups)
    service = find_service(run, place, groups=True).service
    changes = find_changes(options.expected, service.as_data(run.now))
    if changes:
        raise BluegreenError(
            f"{options.service} was changed while this run was planned: {' '.join(changes)} This run has changed "
            "nothing. Run it again.",
            overtaken=True,
        )


def _release(options: TakeOptions, run: Run, keeper: Keeper) -> dict[str, Any]:
    mine = [claim for claim in keeper.claims() if claim.run == options.run]
    if not run.check_mode:
        keeper.drop(mine)
    return {"changed": bool(mine), "lease": None}
