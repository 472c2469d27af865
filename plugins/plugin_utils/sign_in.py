# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The region and the profile of a task's service, where the task gives none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ansible.template import Templar

from ..module_utils._core.base.arns import regions_in
from ..module_utils._core.definition.values import is_unset

PLACE = ("bluegreen_routes", "bluegreen_target_groups")
REGION = ("region", "aws_region", "ec2_region")
# Keys at the task are as good as a profile, and AWS modules take only one of them.
PROFILE = ("profile", "aws_profile", "access_key", "aws_access_key", "aws_access_key_id", "ec2_access_key")


def sign_in(args: Mapping[str, Any], variables: Mapping[str, Any], templar: Templar) -> dict[str, Any]:
    """A load balancer's ARN names the one region that knows it, so it goes before ``bluegreen_region``; both go before
    the environment, which is the same for all services of a play."""
    return {**_region(args, variables, templar), **_profile(args, variables, templar)}


def _region(args: Mapping[str, Any], variables: Mapping[str, Any], templar: Templar) -> dict[str, Any]:
    if any(name in args for name in REGION):
        return {}
    regions = regions_in(args)
    for name in PLACE:
        regions = regions or regions_in(_value(name, variables, templar))
    region = regions[0] if regions else _text("bluegreen_region", variables, templar)
    return {"region": region} if region else {}


def _profile(args: Mapping[str, Any], variables: Mapping[str, Any], templar: Templar) -> dict[str, Any]:
    profile = _text("bluegreen_profile", variables, templar)
    return {"profile": profile} if profile and not any(name in args for name in PROFILE) else {}


def _text(name: str, variables: Mapping[str, Any], templar: Templar) -> str:
    value = _value(name, variables, templar)
    return value.strip() if isinstance(value, str) and not is_unset(value) else ""


def _value(name: str, variables: Mapping[str, Any], templar: Templar) -> Any:
    """None where it cannot be evaluated: whoever reads the definition reports that."""
    with suppress(Exception):
        return templar.template(variables.get(name))
    return None
