# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a run: reads what a person says of a service, and the service as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from ..._core.base.errors import BluegreenError
from ..._core.release.export import check_keys
from ..._core.release.planner import Planner
from ..base.run import Run
from .definition import as_written
from .preflight import examine

Options = Mapping[str, Any]

# Of a definition, what preflight takes under the same name.
EXAMINED = (
    "service",
    "routes",
    "target_groups",
    "group",
    "image_id",
    "release",
    "user_data",
    "shape_change",
    "headroom_percent",
    "alarms",
    "strategy",
    "final_bake_seconds",
    "shift_timeout",
    "stickiness_seconds",
    "metrics",
    "hooks",
    "windows",
    "override",
)


def plan(options: Options, run: Run) -> dict[str, Any]:
    """The work of module plan. Reads only; in check mode it shows what each stage would change."""
    said = {**options["definition"], "user_data": options["user_data"]}
    service_name = str(said["service"])
    check_keys([service_name, *options["others"]])
    _check_others(service_name, options["failed"], options["max_failed"])
    said["target_groups"] = as_written(said["target_groups"])
    examined = examine(_examined(said, options), run, options["findings"])
    service, now = examined.plan.service, datetime.fromtimestamp(run.clock.now(), UTC)
    if service is None:
        raise BluegreenError(f"{service_name} cannot be read.")
    planner = Planner(options["stages"], service, examined.plan.release, examined.plan.asked, said, now)
    planned = planner.stages()
    stages = [stage.as_data() for stage in planned]
    result = examined.result(run)
    if run.check_mode:
        result |= {"changed": bool(planned), "diff": [stage.diff() for stage in planned if stage.changes]}
    return result | {
        "warnings": [*options["remarks"], *result["warnings"]],
        "definition": {**options["shown"], "target_groups": said["target_groups"]},
        "run": options["run"] or f"{now:%Y%m%dT%H%M%SZ}-{token_hex(2)}",
        "began": now.timestamp(),
        "parts": list(options["stages"]),
        "stages": [{"number": number, "of": len(stages), **stage} for number, stage in enumerate(stages, 1)],
    }


def _check_others(service: str, failed: Sequence[str], limit: int | None) -> None:
    """Nothing begins after too many services of the same run have failed."""
    if limit is not None and len(failed) > limit:
        raise BluegreenError(
            f"{service} is not released: {', '.join(failed)} failed in this run, and bluegreen_max_failed is {limit}. "
            "Look at what failed first, then run it again."
        )


def _examined(said: Mapping[str, Any], options: Options) -> dict[str, Any]:
    return {
        **{name: said[name] for name in EXAMINED},
        "test_route": (said["test_route"] or {}).get("arn"),
        "stages": options["stages"],
        "services": options["services"],
        "forks": options["forks"],
        "source": None,
        "candidate": None,
    }
