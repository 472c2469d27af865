# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every plan begins with, and how module plan returns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..._args.release.plan import PlanOptions
from ..._core.base.errors import BluegreenError
from ..._core.base.pace import poll_seconds
from ..._core.base.timestamps import utc
from ..._core.definition.service import Definition, as_data
from ..._core.definition.variables import VARIABLES
from ..._core.release.parts import ReleaseParts
from ..._core.release.stages import Stage
from ..._core.service.environments import Service
from ..base.run import Run
from ..lease.run_id import new_run
from .image import Resolved


@dataclass(frozen=True)
class Beginning:
    """A run that is about to be planned. ``values``: the definition of the service, as plain data. ``image`` is what a
    rule has found; None where there is none."""

    values: Mapping[str, Any]
    definition: Definition
    parts: ReleaseParts
    run: str
    now: datetime
    image: Mapping[str, Any] | None = None

    @classmethod
    def read(cls, options: PlanOptions, run: Run) -> Beginning:
        if missing := {each.key for each in VARIABLES} - {"user_data"} - set(options.definition):
            raise BluegreenError(
                f"definition lacks {', '.join(sorted(missing))}. Leave it out: then the host's variables are read."
            )
        at_once = min(options.services, options.forks or options.services)
        values = {**options.definition, "user_data": options.user_data}
        values["poll_seconds"] = values["poll_seconds"] or poll_seconds(at_once)
        now = run.clock.now()
        id_of_run = options.run or new_run(now)
        return cls(values, Definition.read(values), ReleaseParts(options.stages), id_of_run, utc(now))

    def with_image(self, image: Resolved) -> Beginning:
        """With what a rule means in the service as it is."""
        values = {**self.values, **image.values}
        return replace(self, values=values, definition=Definition.read(values), image=image.found.as_data())

    @property
    def name(self) -> str:
        return self.definition.place.name

    @property
    def asked(self) -> dict[str, Any]:
        """What the record of a run has that is refused."""
        return {
            "store": self.definition.store,
            "run": self.run,
            "doing": self.parts.doing,
            "began": self.now.timestamp(),
            "image_id": self.definition.candidate.image_id,
            "release": self.definition.candidate.release,
            "image": self.image,
            "why": self.definition.gates.override.reason,
        }

    def planned(
        self, run: Run, service: Service, stages: Sequence[Stage], found: Mapping[str, Any], *, acts: bool
    ) -> dict[str, Any]:
        """``found``: what the kind of run adds. ``acts``: whether it does anything, and so takes the lease."""
        return {
            "changed": run.check_mode and bool(stages),
            **({"diff": [stage.diff() for stage in stages if stage.changes]} if run.check_mode else {}),
            "service": service.as_data(self.now),
            **found,
            "definition": as_data(self.values),
            "asked": self.asked,
            "image": self.image,
            "run": self.run,
            "began": self.now.timestamp(),
            "parts": list(self.parts.names),
            "doing": self.parts.doing if acts else "",
            "stages": [
                {"number": number, "of": len(stages), **each.as_data()} for number, each in enumerate(stages, 1)
            ],
        }
