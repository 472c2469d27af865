# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS or the network refused, as a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any

from ..._core.base.errors import BluegreenError
from ..._core.base.permissions import needed

with suppress(ImportError):  # without botocore, the modules say so before any of this is called
    from botocore import exceptions
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

# What a person can do about it, by AWS's error code or the SDK's exception.
CLOCK = "Check the clock of this machine, and the secret key."
KEYS = "Check the access key, and that the region is enabled in its account."
REGION = "Check that the region exists (bluegreen_region), and the network."
OTHER = "ResponseParserError"
PROXY_ATTEMPTS, PROXY_PAUSE = 3, 0.5  # seconds
PROXY = "Check the proxy in HTTPS_PROXY or HTTP_PROXY, and its user name and password."
HINTS = {
    **dict.fromkeys(("SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed"), CLOCK),
    **dict.fromkeys(("AuthFailure", "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"), KEYS),
    "RequestExpired": "Check the clock of this machine, and whether the credentials have expired.",
    OTHER: "Check HTTPS_PROXY, and endpoint_url if it is set.",
    "ProxyConnectionError": PROXY,
    "EndpointConnectionError": REGION,
    "ConnectTimeoutError": REGION,
    "InvalidRegionError": REGION,
    "NoRegionError": "Set bluegreen_region, or AWS_REGION.",
    "SSLError": "If the certificate is signed by an authority of your own, name its file in AWS_CA_BUNDLE.",
    "ConfigParseError": "Correct the file.",
}
# What shows that an answer is of AWS: the name of its request, or the code of an error in each protocol.
HEADERS = ("x-amzn-requestid", "x-amz-request-id", "x-amzn-errortype")
ELEMENTS = (b"equestId>", b"</Code>", b'"__type"')
# The playbook that runs, where it is one of this collection. Modules inherit the environment of the action plugin.
PLAYBOOK = "SWITCHYARD_BLUEGREEN_PLAYBOOK"


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
        said = f"{(details.get('Message') or '').rstrip('.')} ({operation}: {code})"
        raise AwsError(
            _no_credentials(said) if operation in SIGNING_IN else _refused(what, said, error),
            code,
            request_id=error.response.get("ResponseMetadata", {}).get("RequestId"),
        ) from error
    except ResponseParserError as error:  # its text has the whole answer in it
        raise AwsError(
            _with_hint(f"What answered while {what} is not AWS, but perhaps a proxy.", OTHER), OTHER
        ) from error
    except UnicodeEncodeError as error:
        raise BluegreenError(f"AWS could not be asked while {what}: half of a surrogate pair is no text.") from error
    except BotoCoreError as error:
        code, said = type(error).__name__, str(error).rstrip(".")
        if code in NOT_SIGNED_IN:
            raise AwsError(_no_credentials(said), code) from error
        asked = isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError))
        begin = "No answer from AWS" if asked else "AWS could not be asked"
        raise AwsError(_with_hint(f"{begin} while {what}: {' '.join(said.split())}.", code), code) from error


def check_origin(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_call: Any) -> None:
    """Make an error of what did not come from AWS, with code OTHER, so that the call is made again.

    Each answer of AWS names its request, in a header ("Common response headers" in the Amazon S3 API reference) or in
    its body ("ResponseMetadata" of the Query protocol). The page of a proxy does not. A parser finds it empty where
    nothing in an answer is required, so that a write would count as done; and in a refusal it finds no error. What
    fails on the server is tried again by the SDK in any case.
    """
    headers, body = response_dict["headers"], response_dict["body"]
    known = any(name in headers for name in HEADERS)
    known = known or (isinstance(body, bytes) and any(element in body for element in ELEMENTS))
    if response_dict["status_code"] < HTTPStatus.INTERNAL_SERVER_ERROR and not known:
        response_dict.update(status_code=HTTPStatus.BAD_GATEWAY, body=b"")  # no parser looks into it
        customized_response_dict["Error"] = {"Code": OTHER, "Message": "The answer does not name its request."}


def ask_past_proxy(response: tuple[Any, Mapping[str, Any]] | None, attempts: int, **_attempt: Any) -> float | None:
    """After how many seconds a call is made again that something else has answered: a proxy may do so for a moment.
    Like one whose answer is lost, it may have had its effect."""
    other = response is not None and code_of(response[1]) == OTHER
    return PROXY_PAUSE * attempts if other and attempts < PROXY_ATTEMPTS else None


def code_of(answer: Mapping[str, Any]) -> str | None:
    """The code of an error, as botocore has parsed it; None if the answer is no error."""
    return answer.get("Error", {}).get("Code")


def _with_hint(sentence: str, code: str) -> str:
    return f"{sentence} {HINTS[code]}" if code in HINTS else sentence


def _no_credentials(why: str) -> str:
    """The same whatever was to be done, so that it is reported once."""
    return f"There are no credentials for AWS: {why}. Check bluegreen_profile, or the credentials of the environment."


def _refused(what: str, said: str, error: ClientError) -> str:
    details = error.response["Error"]
    permission = needed(details.get("Message") or "", os.environ.get(PLAYBOOK, ""), error.operation_name)
    return _with_hint(f"AWS refused {what}: {said}.{permission}", details.get("Code", "Unknown"))
