# SPDX-License-Identifier: GPL-3.0-or-later
"""The health of a target as DescribeTargetHealth tells it, moved by one check after another."""

from dataclasses import dataclass, replace
from typing import Self

from .config import HealthCheckConfig


@dataclass(frozen=True)
class CheckResult:
    """One health check: passed, or the reason code and description of its failure."""

    reason: str = ""
    description: str = ""

    @property
    def passed(self) -> bool:
        return not self.reason


PASSED = CheckResult()
TIMED_OUT = CheckResult("Target.Timeout", "Request timed out")
FAILED = CheckResult("Target.FailedHealthChecks", "Health checks failed")


def judge(status: int, matcher: str) -> CheckResult:
    """The matcher is a list of codes and ranges: ``200,202`` or ``200-299``."""
    for part in matcher.split(","):
        low, _dash, high = part.partition("-")
        if int(low) <= status <= int(high or low):
            return PASSED
    return CheckResult("Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{status}]")


@dataclass(frozen=True)
class Health:
    state: str = "initial"
    reason: str = "Elb.RegistrationInProgress"
    description: str = "Target registration is in progress"
    passes: int = 0  # in a row
    failures: int = 0  # in a row

    def being_checked(self) -> Self:
        """The first check is on its way."""
        return replace(self, reason="Elb.InitialHealthChecking", description="Initial health checks in progress")

    def after(self, result: CheckResult, check: HealthCheckConfig) -> Self:
        """A new target is healthy after one pass, a failed one after the healthy threshold; an unhealthy target shows
        the reason of its latest failure."""
        if result.passed:
            passed = replace(self, passes=self.passes + 1, failures=0)
            needed = 1 if self.state == "initial" else check.healthy
            if passed.passes < needed or self.state == "healthy":
                return passed
            return replace(passed, state="healthy", reason="", description="")
        failed = replace(self, passes=0, failures=self.failures + 1)
        if self.state != "unhealthy" and failed.failures < check.unhealthy:
            return failed
        return replace(failed, state="unhealthy", reason=result.reason, description=result.description)

    def looks_like(self, other: "Health") -> bool:
        return (self.state, self.reason, self.description) == (other.state, other.reason, other.description)
