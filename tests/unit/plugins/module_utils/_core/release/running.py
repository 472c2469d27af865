# SPDX-License-Identifier: GPL-3.0-or-later
"""Service web by the images that its environments run. Blue is stable."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.group import Group

from ..service import services
from ..traffic.routes import BLUE, GREEN

ARNS = {"blue": BLUE, "green": GREEN}
OLD, NEW, THIRD = "ami-old", "ami-new", "ami-third"


def service(blue: str | None, green: str | None = None, share: int = 0, declared: bool = True) -> Service:
    """``blue`` and ``green`` are the images of groups, ``share`` is green's of the traffic."""
    route = services.route({BLUE: 100 - share, GREEN: share})
    return services.service([route], group("green", green), live=group("blue", blue), declared=declared)


def group(color: str, image_id: str | None) -> Group | None:
    return services.group(color, image_id=image_id, release=image_id[4:]) if image_id else None


def with_data(image_id: str, user_data: str) -> Service:
    """Blue runs the image with user data."""
    return services.with_group(service(image_id), "blue", user_data=user_data)
