# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows a service as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..._args.service.info import InfoOptions
from ..._core.base.errors import BluegreenError
from ..._core.lease.contest import Holder
from ..._core.service.environments import Service
from ..._core.service.place import Place
from ..._core.service.retention import find_malformed_deadlines
from ..._core.service.way_back import find_way_back
from ..base.run import Run
from ..lease.holder import stored_holder
from .found import find_service
from .read import read_service


def service_info(options: InfoOptions, run: Run) -> dict[str, Any]:
    """The work of module service_info."""
    place = Place.parse(options.service, options.routes, options.target_groups)
    groups, health = "groups" in options.gather, "health" in options.gather
    warnings: list[str] = []
    if options.as_found:
        found = find_service(run, place, options.stable, groups=groups, health=health)
        service, warnings = found.service, [*found.broken, *found.warnings]
    else:
        service = read_service(run, place, groups=groups, health=health)
    warnings += find_malformed_deadlines(service)
    if options.store:
        service = replace(service, holder=_holder(run, options.store, service, warnings))
    now = run.now
    way_back = find_way_back(service).as_data() if groups and health else None
    return {"changed": False, "service": {**service.as_data(now), "way_back": way_back}, "warnings": warnings}


def _holder(run: Run, store: str, service: Service, warnings: list[str]) -> Holder | None:
    """A store that cannot be used, or a lease in it that is none, hides nothing else."""
    try:
        return stored_holder(run, store, service.name) or service.holder
    except BluegreenError as error:
        warnings.append(str(error))
        return service.holder
