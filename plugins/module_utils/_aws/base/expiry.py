# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether credentials are renewed, by where they come from (botocore.credentials)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path
from typing import Any

from ..._core.base.sessions import UnrenewedSession, expiry

SIGN_INS = Path("~/.aws/sso/cache")  # of `aws sso login` (SSOProvider in botocore.credentials)
ENVIRONMENT = "AWS_CREDENTIAL_EXPIRATION"


def unrenewed(options: Mapping[str, Any], session: Any) -> UnrenewedSession | None:
    """None: the keys do not expire, or their provider gives new ones. ``options`` are a task's, with those of the
    environment; ``session`` is botocore's."""
    if options.get("access_key"):
        return _given(options)
    found = session.get_credentials()
    if found is None:
        return None  # the first call reports that
    if found.method == "sso":
        return _signed_in(session.get_scoped_config())
    is_static = found.method in ("shared-credentials-file", "config-file")
    return UnrenewedSession("a session token in the AWS configuration files") if is_static and found.token else None


def _given(options: Mapping[str, Any]) -> UnrenewedSession | None:
    is_of_environment = options["access_key"] == os.environ.get("AWS_ACCESS_KEY_ID")
    ends = expiry(os.environ.get(ENVIRONMENT)) if is_of_environment else None
    if ends:
        return UnrenewedSession(ENVIRONMENT, ends)
    return UnrenewedSession("a session token") if options.get("session_token") else None


def _signed_in(config: Mapping[str, Any]) -> UnrenewedSession | None:
    """A sign-in of an ``sso_session`` is renewed by its refresh token. Each task asks for credentials with the cached
    sign-in, so nothing can be done once that has expired."""
    name = config.get("sso_session") or config.get("sso_start_url", "")
    path = SIGN_INS.expanduser() / f"{sha1(name.encode(), usedforsecurity=False).hexdigest()}.json"
    try:
        cached = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if "refreshToken" in cached:
        return None
    return UnrenewedSession("the sign-in of IAM Identity Center", expiry(cached.get("expiresAt")))
