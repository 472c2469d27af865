# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to go wrong, as POST /_lab/fault asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..aws import zonal_shifts
from ..aws.ec2.limits import Ec2Limits
from ..calls.faults import ApiFaults, api_fault
from ..control.control import Control
from ..control.instance_faults import instance_fault
from .stale import Stale

Fault = Mapping[str, Any]


class UnknownInstanceError(ValueError):
    """No process of the lab is such an instance."""


class FaultRequests:
    """A kind of fault is told by a key that only it has."""

    def __init__(self, control: Control, faults: ApiFaults, limits: Ec2Limits, stale: Stale) -> None:
        self._control = control
        self._faults = faults
        self._stale = stale
        self._kinds: dict[str, Callable[[Fault], None]] = {
            "operation": self._fail_calls,
            "capacity": limits.change,
            "quota": limits.change,
            "stale_ms": self._lag,
            "zonal_shift": self._shift_zone,
            "instance": self._hurt,
        }

    def make(self, request: Fault) -> None:
        """A ValueError where the request cannot be understood."""
        make = next((self._kinds[key] for key in self._kinds if key in request), None)
        if make is None:
            raise ValueError(f"a fault has one of {', '.join(self._kinds)}")
        with self._control.lock:
            make(request)

    def _fail_calls(self, request: Fault) -> None:
        times, after = (int(request.get(key, default)) for key, default in (("times", 1), ("after", 0)))
        self._faults.add(request["operation"], times, api_fault(request), after)

    def _lag(self, request: Fault) -> None:
        self._stale.lag(float(request["stale_ms"]) / 1000)

    @staticmethod
    def _shift_zone(request: Fault) -> None:
        zonal_shifts.change(request["zonal_shift"])

    def _hurt(self, request: Fault) -> None:
        if request["instance"] not in self._control.machines.all:
            raise UnknownInstanceError(f"no running instance {request['instance']!r}")
        self._control.machines.apply(request["instance"], instance_fault(request))
