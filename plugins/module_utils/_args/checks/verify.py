# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What http_check takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.leased import Leased
from ..base.options import Options, option


@dataclass(frozen=True, kw_only=True)
class CheckOptions(Options):
    name: str | None = None
    path: str = "/"
    method: str = "GET"
    headers: Mapping[str, Any] | None = None
    body: str | None = option(None, type="json")
    status: Sequence[int] = (200,)
    body_pattern: str | None = None
    json: Mapping[str, Any] | None = None
    max_ms: int | None = None
    max_body_bytes: int = 1048576
    repetitions: int = 1


@dataclass(frozen=True, kw_only=True)
class AnswerMarkOptions(Options, mutually_exclusive=[("header", "json")], required_one_of=[("header", "json")]):
    """The place in which an answer names what is asked for."""

    header: str | None = None
    json: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseOptions(AnswerMarkOptions):
    value: str


@dataclass(frozen=True, kw_only=True)
class InstanceOptions(
    Options,
    mutually_exclusive=[("header", "json")],
    required_one_of=[("header", "json"), ("expected", "group")],
):
    """The place in which an answer names the instance that it comes from, and which instances are to answer."""

    header: str | None = None
    json: str | None = None
    expected: Sequence[str] | None = None
    group: str | None = None
    others: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckingOptions(Leased, checks_lease="later", needs_sdk=False):
    url: str = option(hidden=True)
    headers: Mapping[str, Any] | None = option(None, hidden=True)
    checks: Sequence[CheckOptions] = option((), hidden=True)
    release: ReleaseOptions | None = None
    instances: InstanceOptions | None = None
    timeout: float = 10.0
    validate_certs: bool = True
    ca_path: str | None = option(None, type="path")
    settle_seconds: int = 30
    coverage_timeout: int | None = None
