# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS or the network refused, as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ..._core.base.errors import BluegreenError

with suppress(ImportError):  # without botocore, the modules say so before any of this is called
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError


# As botocore knows them (ThrottledRetryableChecker in botocore.retries.standard); it has tried these again before.
THROTTLES = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
}


# "The security token included in the request is expired", in the words of each API ("Common errors" of each).
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}

# How botocore gets credentials, and what it raises where it gets none (botocore.credentials, botocore.exceptions).
SIGNING_IN = {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "CreateToken", "GetRoleCredentials"}
NOT_SIGNED_IN = {
    *("CredentialRetrievalError", "InvalidConfigError", "NoCredentialsError", "PartialCredentialsError"),
    *("ProfileNotFound", "SSOTokenLoadError", "TokenRetrievalError", "UnauthorizedSSOTokenError"),
}


class AwsError(BluegreenError):
    """An API call that failed, after its retries. ``code`` is AWS's error code, or the SDK's exception name."""

    def __init__(self, message: str, code: str, **facts: Any) -> None:
        super().__init__(message, error_code=code, **facts)
        self.code = code

    @property
    def throttled(self) -> bool:
        """Whether all calls of the account are too many right now, which says nothing of what was asked."""
        return self.code in THROTTLES

    @property
    def expired(self) -> bool:
        """Whether the credentials had run out. The next call is signed with what their provider gives then."""
        return self.code in EXPIRED


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Translate: ``with doing("reading target group web-blue"): client.…``"""
    try:
        yield
    except ClientError as error:
        details, operation = error.response["Error"], error.operation_name
        code = details.get("Code", "Unknown")
        said = f"{details.get('Message', '').rstrip('.')} ({operation}: {code})"
        raise AwsError(
            _no_credentials(said) if operation in SIGNING_IN else f"AWS refused {what}: {said}.",
            code,
            request_id=error.response.get("ResponseMetadata", {}).get("RequestId"),
        ) from error
    except ResponseParserError as error:  # its text has the whole answer in it
        raise AwsError(f"What answered while {what} is not AWS, but perhaps a proxy.", type(error).__name__) from error
    except BotoCoreError as error:
        code, said = type(error).__name__, str(error).rstrip(".")
        refused = _no_credentials(said) if code in NOT_SIGNED_IN else f"No answer from AWS while {what}: {said}."
        raise AwsError(refused, code) from error


def _no_credentials(why: str) -> str:
    """The same whatever was to be done, so that it is reported once."""
    return f"There are no credentials for AWS: {why}. Check bluegreen_profile, or the credentials of the environment."
