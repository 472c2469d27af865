# SPDX-License-Identifier: GPL-3.0-or-later
"""What a listener has that speaks HTTPS, and signs its users in first."""

from __future__ import annotations

from typing import Any

PROVIDER = {
    "Issuer": "https://login.example.com",
    "AuthorizationEndpoint": "https://login.example.com/authorize",
    "TokenEndpoint": "https://login.example.com/token",
    "UserInfoEndpoint": "https://login.example.com/userinfo",
    "ClientId": "web",
}


def sign_in(**settings: Any) -> dict[str, Any]:
    """The action, before that which forwards."""
    return {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": PROVIDER | settings}


SIGN_IN = sign_in(
    ClientSecret="never returned",
    Scope="openid profile",
    AuthenticationRequestExtraParams={"prompt": "login"},
    OnUnauthenticatedRequest="deny",
)
