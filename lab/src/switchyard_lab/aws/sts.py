# SPDX-License-Identifier: GPL-3.0-or-later
"""Temporary credentials. moto gives them for a role that does not exist, and one access key to all who ask for those of
a user; here each session has keys of its own, and knows whose permissions it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import moto.sts.urls
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, STSBackend
from moto.sts.responses import TokenResponse
from moto.sts.utils import random_session_token

from ..iam.identities import PARTITION, role_of


@dataclass(frozen=True)
class UserSession:
    """Of GetSessionToken: "the temporary security credentials have the same permissions as the IAM user" (Permissions
    for GetSessionToken, in the IAM User Guide)."""

    signed_by: str  # the access key of who asked for it
    access_key_id: str
    secret_access_key: str
    session_token: str
    expiration: datetime


class LabSts(STSBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.user_sessions: dict[str, UserSession] = {}

    @property
    def _url_module(self) -> ModuleType:
        return moto.sts.urls

    def assume_role(self, **given: Any) -> AssumedRole:  # type: ignore[override]
        """Whoever is not allowed to has been refused before (``iam.guard``). A session is of this role, not of a later
        one with the same name."""
        session = super().assume_role(**given)
        session.role_id = role_of(session.account_id, session.role_arn).id  # type: ignore[attr-defined]
        return session

    def begin_session(self, key: str, seconds: int) -> UserSession:
        made = iam_backends[self.account_id][PARTITION].create_temp_access_key()
        expiration = utcnow() + timedelta(seconds=seconds)
        session = UserSession(key, made.access_key_id, made.secret_access_key, random_session_token(), expiration)
        self.user_sessions[made.access_key_id] = session
        return session

    def get_caller_identity(self, access_key_id: str, region: str) -> tuple[str, str, str]:
        session = self.user_sessions.get(access_key_id)
        return super().get_caller_identity(session.signed_by if session else access_key_id, region)


class LabStsResponse(TokenResponse):
    def get_session_token(self) -> ActionResult:
        seconds = self._get_int_param("DurationSeconds", 43200)
        backend: Any = self.backend
        return ActionResult({"Credentials": backend.begin_session(self.get_access_key(), seconds)})
