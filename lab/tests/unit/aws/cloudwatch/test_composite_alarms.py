# SPDX-License-Identifier: GPL-3.0-or-later
"""When composite alarms change their state."""

from __future__ import annotations

from .watched_alarms import MINUTE, Watch, error_rate


def test_composites_follow_their_alarms_over_several_levels() -> None:
    watch = Watch()
    watch.put_composite("top", "ALARM(middle)")
    watch.put_composite("middle", "ALARM(error-rate) AND NOT TRUE OR ALARM(error-rate)")
    watch.put(error_rate())
    watch.serve(MINUTE + 1, requests=100, errors=50)
    assert watch.state("top", at=MINUTE + 30) == "OK"
    assert watch.reason("top").endswith(":alarm:top was created and its alarm rule evaluates to OK")
    assert watch.state("top", at=MINUTE + 90) == "ALARM"
    assert watch.reason("top").endswith(":alarm:middle transitioned to ALARM at Monday 23 November, 2026 06:41:30 UTC")


def test_a_composites_set_state_stays_until_an_alarm_of_its_rule_changes() -> None:
    watch = Watch()
    watch.put(error_rate())
    watch.put_composite("top", "ALARM(error-rate)")
    assert watch.state("top", at=MINUTE + 30) == "OK"
    watch.set_state("top", "ALARM")
    assert watch.state("top", at=MINUTE + 300) == "ALARM"
    watch.set_state("error-rate", "INSUFFICIENT_DATA")
    assert watch.state("top", at=MINUTE + 301) == "OK"


def test_a_cycle_of_composites_comes_to_rest() -> None:
    watch = Watch()
    watch.put_composite("a", "NOT ALARM(b)")
    watch.put_composite("b", "ALARM(a)")
    assert watch.state("a") in {"OK", "ALARM"}
