# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a candidate through its test route: what answers is the new release, on every instance, and it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import Any

from ..._args.checks.verify import CheckingOptions, CheckOptions
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import refuse
from ..._core.base.urls import base_problem
from ..._core.checks.expectations import CandidateIdentity, Check, Judged, find_failures, judge, parse_headers, seen
from ..._core.checks.replies import AnswerMark, latency
from ..base.run import AT_ONCE, Run, together
from ..base.wait import poll, show_life
from .answering_instances import AnsweringInstances
from .requests import Http

SETTLED_ANSWERS = 3  # side by side: a load balancer's nodes do not all apply a change at the same moment
MOST_IN_A_ROW = 64  # requests of one look for instances that are still silent
LONGEST_PAUSE = 2.0  # seconds between looks
COVERAGE_TIMEOUT = 30  # seconds; one for each instance where there are more
LONGEST_TIMEOUT = 3600  # seconds


def http_check(options: CheckingOptions, run: Run) -> dict[str, Any]:
    """The work of module http_check."""
    if problem := base_problem(options.url):
        raise BluegreenError(f"url: {problem}")
    if not 0 < options.timeout <= LONGEST_TIMEOUT:
        raise BluegreenError(f"timeout is more than 0 and at most {LONGEST_TIMEOUT} seconds.")
    answering = AnsweringInstances(options.instances, run)
    trial = Trial(options, run, answering)
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
    """The requests of one task, and what is kept of their replies, by check."""

    def __init__(self, options: CheckingOptions, run: Run, answering: AnsweringInstances) -> None:
        checks = [_check(number, each) for number, each in enumerate(options.checks, 1)]
        self.identity = _identity(options, answering.expected)
        self._answering = answering
        self._run = run
        self._url = options.url.rstrip("/")
        self._headers = parse_headers(options.headers)
        self._http = Http(options.timeout, options.validate_certs, options.ca_path)
        self._settling: list[Judged] = []
        # What may be requested any number of times: a check with GET, or else only the root.
        self._probe = next((check for check in checks if check.method == "GET"), Check(repetitions=0))
        self._trials: list[tuple[Check, list[Judged]]] = [(check, []) for check in checks]
        if self._probe not in checks:
            self._trials.append((self._probe, []))

    def settle(self, seconds: float) -> list[str]:
        """Wait until the route leads to the candidate; what it does before that proves nothing.

        A successful ModifyListener or RegisterTargets has not reached every node of the load balancer yet. What no wait
        fixes, such as a certificate, is not waited for.
        """

        doing, probe = f"waiting until the candidate answers at {self._url}", self._probe.of_any_answer

        def look() -> list[Judged]:
            judged = self._ask(probe, SETTLED_ANSWERS)
            self._settling.extend(judged)
            return judged

        def decided(judged: list[Judged]) -> bool:
            return all(each.confirmed for each in judged) or any(each.final for each in judged)

        last = poll(self._run, doing, look, decided, seconds, longest=LONGEST_PAUSE, paced=False)
        failures = find_failures(probe, last)
        if not failures or any(each.final for each in last):
            return failures
        return [f"The candidate did not answer within {seconds:g} s.", *failures]

    def ask_all(self) -> None:
        """The checks in their order; the repetitions of one side by side."""
        for check, judged in self._trials:
            judged.extend(self._ask(check, check.repetitions))

    def ask_for_silent(self, seconds: float | None) -> None:
        """Ask on while expected instances have not answered.

        A load balancer's choice is partly a matter of chance: a Network Load Balancer uses a hash of the flow, and
        each node of an Application Load Balancer chooses for itself. To reach n instances at random takes n ln(n)
        requests, and 7 n more to miss one in 1,000 cases only (Erdős and Rényi, "On a classical problem of probability
        theory", 1961). So each look asks about once for each instance, however few are silent.
        """
        judged = next(judged for check, judged in self._trials if check is self._probe)
        size = self._answering.size

        def look() -> list[str]:
            for _portion in range(0, min(MOST_IN_A_ROW, size), AT_ONCE):
                if self._silent():
                    judged.extend(self._ask(self._probe, AT_ONCE))
            return self._silent()

        if silent := self._silent():
            self._run.progress(f"waiting for an answer of {', '.join(silent)}")
        doing = "waiting until every instance has answered"
        poll(
            self._run,
            doing,
            look,
            lambda silent: not silent,
            max(COVERAGE_TIMEOUT, size) if seconds is None else seconds,
            LONGEST_PAUSE,
            standing=lambda silent: f"none came from {', '.join(silent)}",
            paced=False,
        )

    def find_failures(self) -> list[str]:
        if self._silent() or self.identity.find_strangers(self._seen()):
            self.identity = self._answering.as_now(self.identity)
        findings = [finding for check, judged in self._trials for finding in find_failures(check, judged)]
        findings += self.identity.find_strangers(self._seen())
        if silent := self._silent():
            gone = " All the instances that were expected have left the group." if self.identity.all_left else ""
            findings.append(f"No answer came from {', '.join(silent)} in {len(self._judged())} requests.{gone}")
        return findings

    def result(self) -> dict[str, Any]:
        return {
            "changed": False,
            "requests": len(self._settling) + len(self._judged()),
            "findings": [],
            "instances": self._seen(),
            "latency": latency([each.milliseconds for each in self._judged() if each.error is None]),
        }

    def _ask(self, check: Check, times: int) -> list[Judged]:
        """In portions: requests can take minutes in all, and others take over from a run that shows no life."""
        judged: list[Judged] = []
        while (left := times - len(judged)) > 0:
            judged.extend(together(*[partial(self._one, check)] * min(AT_ONCE, left)))
            show_life(self._run, lambda: f"checking {check}: {len(judged)} of {times} requests are answered")
        return judged

    def _one(self, check: Check) -> Judged:
        url = f"{self._url}/{check.path.lstrip('/')}"
        headers = {**self._headers, **check.headers}
        return judge(check, self.identity, self._http(check.method, url, headers, check.body, check.max_body_bytes))

    def _judged(self) -> list[Judged]:
        return list(chain.from_iterable(judged for _check, judged in self._trials))

    def _seen(self) -> list[str]:
        return seen(self._judged())

    def _silent(self) -> list[str]:
        return self.identity.silent(self._seen())


def _check(number: int, given: CheckOptions) -> Check:
    try:
        return Check.parse(asdict(given))
    except BluegreenError as error:
        raise BluegreenError(f"Check {number}: {error}") from None


def _identity(options: CheckingOptions, expected: Sequence[str]) -> CandidateIdentity:
    release, instances = options.release, options.instances
    return CandidateIdentity(
        release=release.value if release else None,
        release_mark=AnswerMark(release.header, release.json) if release else None,
        instances=expected,
        instance_mark=AnswerMark(instances.header, instances.json) if instances else None,
        others=bool(instances and instances.others),
    )
