# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab in this process: its net, its API, its children."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, closing
from types import TracebackType
from typing import Self

from .address import claim
from .api.server import Server
from .authority import CERTIFICATE_FILE, Authority
from .aws.ec2.limits import Ec2Limits
from .aws.install import install
from .calls.faults import ApiFaults
from .clock import Clock
from .control.control import Control
from .control.health_checkers import HealthCheckers
from .control.invocations import Invocations
from .dns.server import DnsServer
from .seed import seed, user
from .seed.inventory import timing
from .settings import KEYS, Settings, environment


class Lab:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._keys: Mapping[str, str] = KEYS
        self._parts = ExitStack()

    def __enter__(self) -> Self:
        """What is up already is taken down when a later part fails to start, a port that is taken say."""
        clock, faults = Clock(self.settings.speed), ApiFaults()
        limits = Ec2Limits(self.settings.vcpus)
        with ExitStack() as parts:
            self._net = claim(self.settings.net)
            parts.callback(self._net.release)
            authority = Authority.create(self.settings.authority)
            install(clock, self._net, faults, limits, authority, self.settings.metric_lag)
            control = parts.enter_context(closing(Control(self.settings, clock)))
            parts.enter_context(closing(DnsServer(self._net.resolver, clock, lambda: control.names)))
            self._server = parts.enter_context(closing(Server(self.settings, self._net, control, faults, limits)))
            parts.enter_context(closing(Invocations(self._server.endpoint, control, clock)))
            parts.enter_context(closing(HealthCheckers(control, clock)))
            self._parts = parts.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parts.close()

    @property
    def endpoint(self) -> str:
        return self._server.endpoint

    def start(self) -> None:
        """Seed, if asked to; reads lag only the writes that come later. The policy is that of whoever comes later."""
        if self.settings.seed:
            pace = timing(self.settings.speed, self.settings.metric_lag)
            seed(self.endpoint, self._net.cidr, self.settings.services, self.settings.inventory, pace)
        if self.settings.policy:
            self._keys = user(self.endpoint, self.settings.policy)
        self._server.stale.lag(self.settings.stale_ms / 1000)

    @property
    def environment(self) -> dict[str, str]:
        """What a client must have in its environment."""
        return environment(self.endpoint, self._keys)

    def __str__(self) -> str:
        """What a client must have in its environment; the last line says that the lab is ready."""
        lines = [f"inventory: {self.settings.inventory}"] if self.settings.seed else []
        lines += ["dns: {}:{}".format(*self._net.resolver), f"ca: {self.settings.authority / CERTIFICATE_FILE}"]
        lines += [f"export {name}={value}" for name, value in self.environment.items()]
        return "\n".join([*lines, f"lab ready {self.endpoint} {self._net.cidr}"])
