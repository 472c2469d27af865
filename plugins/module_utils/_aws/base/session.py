# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients from the options that every AWS module takes (amazon.aws's auth and region fragments)."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from threading import Lock
from typing import Any

from ..._core.base.errors import BluegreenError
from ..._core.base.sessions import UnrenewedSession
from ..._core.base.urls import url_problem
from .errors import EXPIRED, OTHER, ask_past_proxy, check_origin, code_of, doing
from .expiry import unrenewed
from .trust import CAN_SHARE, share_trust, trust
from .turns import Turns
from .written import Written

try:
    from botocore.config import Config
    from botocore.loaders import create_loader
    from botocore.parsers import ResponseParserError
    from botocore.session import Session

    HAS_BOTOCORE = True
    LOADER = create_loader()  # parsed service models, shared by every session of this process
    READY: list[Session] = []  # made ahead
except ImportError:
    HAS_BOTOCORE = False

# The one layer of retries: botocore's standard mode backs off with jitter, and knows every spelling of "throttled". Not
# its adaptive mode: that slows a client down only after it was throttled (ClientRateLimiter in
# botocore.retries.adaptive), each task has clients of its own, and none calls as often as its lowest rate, one call in
# two seconds (TokenBucket in botocore.retries.bucket). _core/base/pace.py limits how many services call together.
# Adaptive mode would hold back the return of traffic as well.
RETRIES = {"mode": "standard", "total_max_attempts": 8}
# Whoever watches a candidate is not kept from it for long by what pushes a schedule on or writes something down.
# Nor does a plan wait long for a quota, which it can do without. GetServiceQuota has 5 calls per second (Service Quotas
# user guide): of 50 services that begin within 5 s, hardly one goes without it.
FEWER_ATTEMPTS = {"scheduler": 3, "s3": 3, "sns": 2, "service-quotas": 5}
# Botocore waits 60 s for each of them. A connection that hangs must not keep the traffic from its return. What moves
# traffic answers within a second; metrics and descriptions of many versions may take longer.
CONNECT_SECONDS = 3
READ_SECONDS = {"elbv2": 5, "autoscaling": 5, "route53": 5, "scheduler": 5, "s3": 5, "sns": 3}
SLOWER_READ_SECONDS = 20
USER_AGENT = "switchyard.bluegreen"
# Empty text means not set: AWX makes it of a field of a credential that nobody has filled in. Botocore would take it
# for a key, instead of looking for credentials elsewhere, as in the role of an instance or a pod.
TEXTS = ("access_key", "secret_key", "session_token", "profile", "region", "endpoint_url")
MOVES = ("ModifyListener", "ModifyRule", "ChangeResourceRecordSets")  # what moves traffic
RENEWED = "switchyard.bluegreen.renewed"  # in the context of a request
ASKED = "bluegreen_asked"  # where the context of a call has its parameters
NOBODY = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}


class Clients:
    """Clients by service name, each made when first asked for, on one session; threads may ask at the same time.

    ``options`` are a task's validated options; only those of the AWS fragments are read. ``check`` is called before a
    request is sent, also before one that is tried again; when it raises, none is sent. ``written`` knows what the run
    has written, so that no read is older than that. ``turns``: those of the play, for work that may wait for its own.

    Once credentials have expired, what was asked for is signed again, and new clients are made, on a new session:
    botocore asks a provider again only when it knows when they expire, and reads a file once.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        check: Callable[[], None] | None = None,
        written: Written | None = None,
        turns: Turns | None = None,
    ) -> None:
        if options.get("profile") and options.get("access_key"):
            raise BluegreenError("Give a profile or access keys, not both (options or environment).")
        if (endpoint := options.get("endpoint_url")) and (problem := url_problem(endpoint)):
            raise BluegreenError(f"endpoint_url: {problem}")
        self._options = {**options, **{name: options.get(name) or None for name in TEXTS}}
        self._check = check
        self._written = written or Written()
        self._turns = turns
        self._guard: Callable[[], None] = _nothing
        self._made: dict[tuple[str, str | None], Any] = {}
        self._making = Lock()  # a session makes one client at a time; it is clients that are thread-safe
        self._session = _session(self._options["profile"])

    def guard_moves(self, guard: Callable[[], None]) -> None:
        """``guard`` is called before a write that moves traffic is sent again: whoever was allowed to write seconds
        ago may not be any more. When it raises, nothing is sent."""
        self._guard = guard

    def __call__(self, service: str, region: str | None = None) -> Any:
        """``region``: another one than that of the options."""
        key = service, region
        if key in self._made:
            return self._made[key]
        with self._making:
            if key not in self._made:
                self._made[key] = self._make(service, region)
            return self._made[key]

    @property
    def unrenewed(self) -> UnrenewedSession | None:
        """That of the credentials, where they expire and nothing renews them."""
        with doing("looking for credentials"), self._making:
            return unrenewed(self._options, self._session)

    def _make(self, service: str, region: str | None) -> Any:
        options = self._options
        own = Config(
            retries=RETRIES | {"total_max_attempts": FEWER_ATTEMPTS.get(service, RETRIES["total_max_attempts"])},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS.get(service, SLOWER_READ_SECONDS),
            user_agent_extra=USER_AGENT,
        )
        verify = options.get("aws_ca_bundle") or options.get("validate_certs", True)
        with _settings(options.get("aws_config") or {}), doing(f"connecting to {service}"):
            config = own.merge(Config(**(options.get("aws_config") or {})))
            client = self._session.create_client(
                service,
                region_name=region or options.get("region"),
                endpoint_url=options.get("endpoint_url"),
                aws_access_key_id=options.get("access_key"),
                aws_secret_access_key=options.get("secret_key"),
                aws_session_token=options.get("session_token"),
                verify=verify,
                config=config,
            )
        if verify is True and not config.client_cert:
            share_trust(client)
        if self._turns:
            client.meta.events.register("before-send", partial(self._take_turn, self._turns, client.meta.region_name))
        if self._check:
            client.meta.events.register("before-send", self._checked)
        client.meta.events.register("request-created", self._created)
        client.meta.events.register("before-parameter-build", _remember)
        client.meta.events.register("before-parse", check_origin)
        client.meta.events.register("after-call", self._answered)
        client.meta.events.register("needs-retry", ask_past_proxy)
        client.meta.events.register("needs-retry", self._ask_again)
        client.meta.events.register("needs-retry", partial(self._sign_again, client))
        return client

    def _answered(self, parsed: Mapping[str, Any], model: Any, context: Mapping[str, Any], **_call: Any) -> None:
        if "Error" not in parsed:
            self._written.note(model.name, context[ASKED])
        elif code_of(parsed) in EXPIRED:
            with self._making:
                self._made.clear()
                self._session = _session(self._options.get("profile"))
        elif code_of(parsed) == OTHER:  # the status of its answer says that all is well
            raise ResponseParserError(parsed["Error"]["Message"])

    def _ask_again(
        self,
        response: tuple[Any, Mapping[str, Any]] | None,
        operation: Any,
        attempts: int,
        request_dict: Mapping[str, Any],
        **_attempt: Any,
    ) -> float | None:
        """After how many seconds; None for no further attempt, as far as this decides it."""
        asked = request_dict["context"][ASKED]
        return self._written.pause(operation.name, asked, response[1], attempts) if response else None

    def _sign_again(
        self,
        client: Any,
        response: tuple[Any, Mapping[str, Any]] | None,
        request_dict: Mapping[str, Any],
        **_attempt: Any,
    ) -> float | None:
        """A call that was refused because the credentials have expired is made once more with new ones, if their
        provider has any: botocore signs each attempt with what the client has then."""
        expired = response and code_of(response[1]) in EXPIRED
        if not expired or RENEWED in request_dict["context"] or self._options.get("access_key"):
            return None
        request_dict["context"][RENEWED] = True
        signer = client._request_signer
        with self._making:
            used = signer._credentials
            if self._session.get_credentials() is used:  # no other call has noticed it yet
                self._made.clear()
                self._session = _session(self._options.get("profile"))
            found = self._session.get_credentials()  # none where they were taken away, or a variable was unset
            signer._credentials = found or used
        return None if found is None or found.access_key == used.access_key else 0.0

    def _created(self, request: Any, operation_name: str, **_request: Any) -> None:
        if operation_name in MOVES and request.context["retries"]["attempt"] > 1:
            self._guard()

    def _take_turn(self, turns: Turns, region: str, event_name: str, **_request: Any) -> None:
        _event, service, operation = event_name.split(".")
        turns.take(service, region, operation)

    def _checked(self, **_request: Any) -> None:
        if self._check:
            self._check()


def _nothing() -> None:
    """Nobody has to be asked."""


def _remember(params: Mapping[str, Any], context: dict[str, Any], **_call: Any) -> None:
    context[ASKED] = params


@contextmanager
def _settings(given: Mapping[str, Any]) -> Iterator[None]:
    """The SDK raises plain errors of Python for settings that it does not know or cannot use."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        source = f"aws_config ({', '.join(given)})" if given else "the variables AWS_* of the environment"
        raise BluegreenError(
            f"The AWS SDK cannot use its settings: {str(error).rstrip('.')}. Check {source} and the configuration file."
        ) from error


def _session(profile: str | None) -> Session:
    """To make one costs 15 ms: whoever was forked from a process that is warm takes the one that lies ready there."""
    if READY and profile is None:
        return READY.pop()
    session = Session(profile=profile)
    session.register_component("data_loader", LOADER)
    return session


@cache
def warm(*services: str) -> None:
    """Load service models before the workers are forked, so that no task pays for it; once. Needs no credentials.
    Whatever is wrong with the settings is reported by the task that needs them."""
    session = _session(None)
    with suppress(Exception):
        for service in services:
            session.create_client(service, "us-east-1", **NOBODY)
            LOADER.load_service_model(service, "paginators-1")
        READY.append(session)
        if CAN_SHARE and not os.environ.get("AWS_ENDPOINT_URL"):
            trust()
    # Workers need not search through what is loaded by now (gc.freeze in Python's documentation: before a fork).
    gc.freeze()
