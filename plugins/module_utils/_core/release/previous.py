# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service returns to when no shift is in progress: the environment that is retained, or the image before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..base.errors import BluegreenError
from ..history.redeploy import redeploy
from ..lease.claim import Claim
from ..service.environments import Environment, Service
from ..service.override import Override
from ..service.settlement import check_leaving


def find_previous(service: Service, override: Override, deploy_command: str = "") -> Environment | None:
    """The environment to return to. None where there is one environment alone, which may have been rolled in place."""
    previous, present = service.candidate_environment, service.stable_environment
    if previous.group is None:
        if present.group is None:
            raise BluegreenError(none_retained(service, deploy_command), refused=True)
        return None
    check_leaving(service.name, previous.color, previous.group.name, previous.group.marks.leaving, override)
    if not previous.healthy:
        raise BluegreenError(
            f"{service.name} cannot return to the previous release: no target of {previous.group.name} is healthy. "
            f"Look at {previous.name}, or deploy the previous image instead. {_stays(service)}",
            refused=True,
        )
    return previous


def check_released(service: Service, image_id: str, others: Iterable[Claim], unread: Sequence[str]) -> None:
    """An error unless the release that would be taken back is the one of this image, and of none of the ``others`` that
    are at work on the service. With an empty text it is of no release. ``unread``: why something was not read."""
    color = service.stable if service.is_settled else service.candidate
    group = service.environments[color].group
    if not group and unread:
        raise BluegreenError(
            f"It is not known which release {color} of {service.name} runs, so nothing was changed: {' '.join(unread)} "
            "Run rollback.yml by itself to return the traffic whatever it is."
        )
    runs = f"runs {group.image_id}" if group else "has no Auto Scaling group"
    nothing = f"There is nothing of {image_id or 'the jobs before this one'} left to take back: "
    if not group or not image_id or group.image_id != image_id:
        nothing += f"{color} of {service.name} {runs}."
    elif other := next(iter(others), None):
        nothing += f"{service.name} is released by {other.by} (run {other.run})."
    else:
        return
    raise BluegreenError(
        f"{nothing} Nothing was changed. Run rollback.yml by itself to take back what is there now.", refused=True
    )


def find_waiting(service: Service) -> str | None:
    """The candidate that waits for traffic, and for a person or another run."""
    candidate = service.candidate_environment.group
    if not service.is_provisioned or candidate is None or candidate.marks.rejected:
        return None
    return candidate.name


def left_to(claim: Claim, service: Service, now: float) -> str:
    """Why a candidate is left to the run that is at work on it, and what to do to reject it."""
    return (
        f"{claim.message(service.name, now)}. {service.candidate} has no traffic to return, so that run continues. To "
        "stop it, cancel it and run rollback.yml again, which waits until its lease has ended. To take over from it at "
        "once, set bluegreen_override to {reason: why, allow: [lease]}."
    )


def none_retained(service: Service, deploy_command: str) -> str:
    """Why there is nothing to return to, and what to do instead. ``deploy_command`` deploys the service but for its
    image."""
    group = service.stable_environment.group
    rolled = f", and {group.name} was not rolled" if group else ""
    return (
        f"{service.name} cannot return to the previous release: no previous environment is retained{rolled}. "
        f"{_stays(service)} {redeploy(service.outcomes, service.stable_environment.version, deploy_command)}"
    )


def _stays(service: Service) -> str:
    group = service.stable_environment.group
    return f"Traffic stays on {service.stable}{f' ({group.release})' if group else ''}."
