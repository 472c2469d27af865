# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What test_route takes, and what of it is asked before an adoption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..base.leased import Leased
from ..base.options import Options


@dataclass(frozen=True, kw_only=True)
class HeaderOptions(Options):
    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class RouteToTest(
    Options,
    required_together=[("header", "priority")],
    mutually_exclusive=[("header", "port"), ("header", "protocol")],
    required_one_of=[("header", "port")],
):
    header: HeaderOptions | None = None
    priority: int | None = None
    port: int | None = None
    protocol: Literal["HTTP", "HTTPS", "TCP", "TLS"] | None = None
    host: str | None = None


@dataclass(frozen=True, kw_only=True)
class TestRouteOptions(RouteToTest, Leased):
    route: str
    weights: Mapping[str, Any]
