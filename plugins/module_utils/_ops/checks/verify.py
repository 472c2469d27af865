# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a candidate through its test route: what answers is the new release, on every instance, and it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import Any

from ..._args.checks.verify import CheckingOptions, InstanceOptions
from ..._core.base.findings import refuse
from ..._core.checks.expectations import Check, Identity, find_failures, parse_headers
from ..._core.checks.replies import Mark, Reply, latency
from ..base.run import Run, together
from ..base.wait import poll
from ..targets.members import read_members
from .requests import Http, check_url

SETTLED_ANSWERS = 3  # side by side: a load balancer's nodes do not all apply a change at the same moment
MOST_AT_ONCE = 64  # requests of one look for instances that are still silent
LONGEST_PAUSE = 2.0  # seconds between looks


def http_check(options: CheckingOptions, run: Run) -> dict[str, Any]:
    """The work of module http_check."""
    check_url(options.url)
    trial = Trial(options, run, _expected(options.instances, run))
    if run.check_mode:
        return trial.result() | {"msg": "No request is made in check mode."}
    findings = trial.settle(options.settle_seconds)
    if not findings:
        trial.ask_all()
        trial.ask_for_silent(options.coverage_timeout)
        findings = trial.find_failures()
    result = trial.result()
    refuse(f"What answers at {options.url} is not as it should be", findings, result)
    answered = f"; {len(result['instances'])} instances answered" if trial.identity.instance_mark else ""
    return result | {"msg": f"Every check passed in {result['requests']} requests{answered}."}


class Trial:
    """The requests of one task, and the replies they got, by check."""

    def __init__(self, options: CheckingOptions, run: Run, expected: Sequence[str]) -> None:
        checks = [Check.parse(asdict(each)) for each in options.checks]
        self.identity = _identity(options, expected)
        self._run = run
        self._url = options.url.rstrip("/")
        self._headers = parse_headers(options.headers)
        self._http = Http(options.timeout, options.validate_certs)
        self._settling: list[Reply] = []
        # What may be requested any number of times: a check with GET, or else only the root.
        self._probe = next((check for check in checks if check.method == "GET"), Check(repetitions=0))
        self._trials: list[tuple[Check, list[Reply]]] = [(check, []) for check in checks]
        if self._probe not in checks:
            self._trials.append((self._probe, []))

    def settle(self, seconds: float) -> list[str]:
        """Wait until the route leads to the candidate; what it does before that proves nothing.

        A successful ModifyListener or RegisterTargets has not reached every node of the load balancer yet.
        """

        doing = f"waiting until the candidate answers at {self._url}"

        def look() -> list[Reply]:
            replies = self._ask(self._probe, SETTLED_ANSWERS)
            self._settling.extend(replies)
            return replies

        def settled(replies: list[Reply]) -> bool:
            return all(map(self.identity.is_confirmed_by, replies))

        last = poll(self._run, doing, look, settled, seconds, longest=LONGEST_PAUSE)
        if settled(last):
            return []
        anything = Check(self._probe.path)
        return [f"The candidate did not answer within {seconds:g} s.", *find_failures(anything, self.identity, last)]

    def ask_all(self) -> None:
        """The checks in their order; the repetitions of one side by side."""
        for check, replies in self._trials:
            replies.extend(self._ask(check, check.repetitions))

    def ask_for_silent(self, seconds: float) -> None:
        """Ask on while expected instances have not answered: a load balancer's choice is partly a matter of chance."""
        replies = next(replies for check, replies in self._trials if check is self._probe)

        def look() -> list[str]:
            if silent := self._silent():
                replies.extend(self._ask(self._probe, min(MOST_AT_ONCE, 2 * len(silent))))
            return self._silent()

        if silent := self._silent():
            self._run.progress(f"waiting for an answer of {', '.join(silent)}")
        doing = "waiting until every instance has answered"
        poll(
            self._run,
            doing,
            look,
            lambda silent: not silent,
            seconds,
            LONGEST_PAUSE,
            standing=lambda silent: f"none came from {', '.join(silent)}",
        )

    def find_failures(self) -> list[str]:
        findings = [
            finding for check, replies in self._trials for finding in find_failures(check, self.identity, replies)
        ]
        findings += self.identity.find_strangers(self._seen())
        if silent := self._silent():
            findings.append(f"No answer came from {', '.join(silent)} in {len(self._replies())} requests.")
        return findings

    def result(self) -> dict[str, Any]:
        return {
            "changed": False,
            "requests": len(self._settling) + len(self._replies()),
            "findings": [],
            "instances": self._seen(),
            "latency": latency(self._replies()),
        }

    def _ask(self, check: Check, times: int) -> list[Reply]:
        url = f"{self._url}/{check.path.lstrip('/')}"
        request = partial(self._http, check.method, url, {**self._headers, **check.headers}, check.body)
        return together(*[request] * times)

    def _replies(self) -> list[Reply]:
        return list(chain.from_iterable(replies for _check, replies in self._trials))

    def _seen(self) -> list[str]:
        return self.identity.seen(self._replies())

    def _silent(self) -> list[str]:
        return self.identity.silent(self._seen())


def _expected(instances: InstanceOptions | None, run: Run) -> Sequence[str]:
    """The ids of the instances that are to answer. An instance that leaves its group need not."""
    if instances is None or instances.group is None:
        return instances.expected or () if instances else ()
    if run.check_mode:
        return ()
    return [each.id for each in read_members(run, instances.group).members if not each.leaves]


def _identity(options: CheckingOptions, expected: Sequence[str]) -> Identity:
    release, instances = options.release, options.instances
    return Identity(
        release=release.value if release else None,
        release_mark=Mark(release.header, release.json) if release else None,
        instances=expected,
        instance_mark=Mark(instances.header, instances.json) if instances else None,
        others=bool(instances and instances.others),
    )
