# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes that people make with the variables of a service, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .described import LISTENER, LOAD, NETWORK_LISTENER, RECORD, SIZES, TARGET_GROUP, TEST_LISTENER, TEST_ROUTE


@dataclass(frozen=True)
class Mistake:
    """``said`` is a part of the sentence about ``variable``; ``work`` is the playbook."""

    variable: str
    said: str
    variables: Mapping[str, Any]
    work: str = "deploy"


def wrong(key: str, value: Any, said: str, work: str = "deploy", **others: Any) -> Mistake:
    """One variable, by its name without the prefix, and others that go with it."""
    given = {key: value, **others}
    return Mistake(f"bluegreen_{key}", said, {f"bluegreen_{name}": each for name, each in given.items()}, work)


def by_rule(value: Any, said: str) -> Mistake:
    return wrong("image", value, said, image_id="")


NAMES = [
    wrong("alarm", ["web-5xx"], "Did you mean bluegreen_alarms?"),
    wrong("retain", "1h", "Did you mean bluegreen_retain_seconds?"),
    wrong("startegy", "canary", "Did you mean bluegreen_strategy?"),
    wrong("targetgroups", {}, "Did you mean bluegreen_target_groups?"),
    wrong("host", "web", "Did you mean bluegreen_hosts?"),
    wrong("color_of_the_shed", "red", "Name a variable of your own without bluegreen_ in front."),
]

PLACE = [
    wrong("routes", "", "is not set, and deploy.yml needs it"),
    wrong("routes", [], "names no route"),
    wrong(
        "routes",
        [TARGET_GROUP],
        "is not a route. A route is the ARN of a listener,",
    ),
    wrong("routes", "web", "web is not a route"),
    wrong("routes", [LISTENER, f" {LISTENER} "], "is listed twice"),
    wrong("routes", {"listener": LISTENER}, "is not a list"),
    wrong("routes", [{"zone": "example.com"}], "a zone and a name"),
    wrong("routes", [{**RECORD, "type": "MX"}], "type A, AAAA, CNAME"),
    wrong("routes", [{**RECORD, "targets": {"blue": "lb.example.com"}}], "a mapping with values or an alias"),
    wrong("routes", [RECORD], "adopt.yml makes only listeners", work="adopt"),
    wrong("target_groups", "web", '"web" is not a mapping'),
    wrong("target_groups", {"blu": "web-blue", "green": "web-green"}, "did you mean blue?"),
    wrong("target_groups", {"blue": "web-blue"}, "no target group for green"),
    wrong("target_groups", {"blue": "web", "green": "web"}, "web is listed twice"),
    wrong("target_groups", {"blue": TARGET_GROUP, "green": "web-blue"}, "web-blue is listed twice"),
    wrong("target_groups", {"blue": ["web-blue", "admin-blue"], "green": ["web-green"]}, "blue has 2 and green 1"),
    wrong("target_groups", {"blue": "web_blue", "green": "web-green"}, "is not the name of a target group"),
    wrong("target_groups", {"blue": LISTENER, "green": "web-green"}, "is not the ARN of a target group"),
    wrong("test_route", {"url": "http://web:8001"}, "needs arn and url together, or urls"),
    wrong("test_route", {"arn": TARGET_GROUP, "url": "http://web:8001"}, "is not the ARN of a listener"),
    wrong(
        "test_route",
        {"arn": TEST_LISTENER, "url": "web:8001"},
        "url: It must begin with http:// or https://",
    ),
    wrong("test_route", {"arn": TEST_LISTENER, "ulr": "http://web:8001"}, "Did you mean url?"),
    wrong("test_route", {"urls": {"blue": "http://blue:80"}}, "needs green"),
    wrong("test_route", {"arn": LISTENER, "url": "http://web"}, "is also one of bluegreen_routes", routes=[LISTENER]),
    wrong("stable", "red", "not one of blue, green"),
    wrong("service", "my web", "no spaces"),
]

RELEASE = [
    wrong("image_id", "  ", "is not set, and deploy.yml needs it"),
    wrong("image_id", "web-1.4.2", "is not the ID of an image"),
    by_rule("ami-0abcdef1234567890", "is the ID of an image. Set bluegreen_image_id to it instead"),
    by_rule("web-*", '"web-*" is not a mapping'),
    by_rule("{name: web-*", "neither JSON nor YAML"),
    by_rule({}, "It needs ssm, or at least one of name, tags and release_tag."),
    by_rule({"newest": True}, "It needs ssm, or at least one of name, tags and release_tag."),
    by_rule({"nmae": "web-*"}, "There is no nmae. Did you mean name?"),
    by_rule({"name": ["web-*"]}, 'name: ["web-*"] is not text.'),
    by_rule({"name": "web-*", "newest": "last"}, 'newest: "last" is neither true nor false.'),
    by_rule({"name": "web-*", "owners": ["me"]}, '"me" is no owner: give self, amazon,'),
    by_rule({"name": "web-*", "owners": [12345678901]}, "the 12 digits of an account in quotes"),
    by_rule({"tags": ["approved"]}, "is not a mapping"),
    by_rule({"tags": {"approved": True}}, "The tag approved is true, which is not text."),
    by_rule("tags: {approved: yes}", "The tag approved is true, which is not text."),
    by_rule({"ssm": "/images/web", "newest": True}, "holds one image, so newest cannot go with it."),
    wrong("image", {"name": "web-*"}, "-e bluegreen_image= leaves the rule out", image_id="ami-0abcdef1234567890"),
    wrong("release", True, "true is not text"),
    wrong("user_data", {"password": "hunter2"}, "is not text"),
    wrong("user_data", "x" * 16385, "16385 bytes, and AWS accepts at most 16384"),
    wrong("group", {"launch_template": {"instance_type": "t3.micro"}}, "autoscaling_group must be a mapping"),
    wrong(
        "group",
        {"launch_template": {"instance_type": "t3.micro"}, "autoscaling_group": {"min_size": 3, "max_size": 2}},
        "each must be as large as the one before",
    ),
    wrong(
        "group",
        {"launch_template": {"instance_type": "t3.micro", "user_data": "#!/bin/sh"}, "autoscaling_group": SIZES},
        "The user_data of its launch_template is not encoded with Base64",
    ),
    wrong("headroom_percent", "20 per cent", "is not a whole percentage"),
    wrong("headroom_percent", -1, "must be from 0 to 500"),
    wrong("health_timeout", "soon", "is not a duration"),
    wrong("health_timeout", "15min", "is not a duration"),
    wrong("health_timeout", "-5", "must be from 0 to 365d"),
    wrong("shape_change", "shwo", "Did you mean show?"),
    wrong("failed_candidate", "delete", "not one of auto, keep, remove"),
    wrong("max_failed", "a few", "is not a whole number"),
    wrong("fail_on", "rolledback", "Did you mean rolled_back?"),
    wrong("fail_on", ["paused"], '"paused" is not one of refused, rolled_back, halted, nothing.'),
    wrong("fail_on", "nothing, halted", "has nothing together with other end states"),
    wrong("fail_on", {"halted": True}, "is not a list"),
]

VERIFICATION = [
    wrong("checks", [{"path": "/", "stauts": 200}], "Check 1: There is no stauts. Did you mean status?"),
    wrong("checks", [{"path": "/"}, {"body_pattern": "("}], "Check 2: body_pattern ( is not a regular expression"),
    wrong("checks", [{"repetitions": 0}], "must be 1 or more"),
    wrong("checks", {"path": "/"}, "is not a list"),
    wrong("checks", '[{"path": "/"}', "It is not a list of checks."),
    wrong("checks", [{"path": "/a b"}], "Check 1: path: It has blanks"),
    wrong("checks", [{"headers": {"X-A": "a\nb"}}], "Check 1: headers: The value of X-A has a line break"),
    wrong("checks", [{"headers": {"X-A": True}}], "Check 1: headers: The value of X-A is not text"),
    wrong("test_route", {**TEST_ROUTE, "headers": {"X-Candidate": True}}, "Write it in quotes"),
    wrong("test_route", {"arn": TEST_LISTENER, "url": "https://kim:pass@web"}, "url: It has a user name or a password"),
    wrong("test_route", {"urls": {"blue": "http://blue", "green": "http://green:0"}}, "green: Its port is not"),
    wrong("release_from", {"header": "X-Release", "json": "release"}, "only one of them"),
    wrong("instance_from", {"haeder": "X-Instance"}, "Did you mean header?"),
]

TRAFFIC = [
    wrong("strategy", "canry", "Did you mean canary?"),
    wrong("strategy", "Canary10Percent", "There is no strategy Canary10Percent"),
    wrong("strategy", "10,50", "The last step must have weight 100"),
    wrong("strategy", "50,10,100", "must rise"),
    wrong("strategy", {"type": "canary", "prcent": 10}, "canary has no prcent"),
    wrong("strategy", {"type": "canary", "percent": "110%"}, "a whole number from 1 to 99"),
    wrong("strategy", [{"weight": 10, "bake": "5m"}, {"weight": 100}], "unknown key bake"),
    wrong("strategy", [{"weight": 10, "bake_seconds": "soon"}, {"weight": 100}], "given: soon"),
    wrong("strategy", [{"weight": 10, "pause": {"seconds": "1h", "then": "stop"}}, {"weight": 100}], "pause of step 1"),
    wrong("strategy", [], "at least one"),
    wrong("shift_timeout", "10m", "bake for 600 s together", strategy={"type": "canary", "bake_seconds": "10m"}),
    wrong("shift_timeout", "15m", "bake for 1140 s together, 120 s of each", metrics=["errors"], strategy="canary"),
    wrong("strategy", "Linear10PercentEvery1Minute", "at least 120 s, as in {weight: 10,", metrics=["errors"]),
    wrong("final_bake_seconds", "1m", "bluegreen_final_bake_seconds is 60", metrics=["errors"]),
    wrong(
        "final_bake_seconds", "4m", "at least 300", metrics=[{"name": "errors", "period": 300}], strategy="all_at_once"
    ),
    wrong(
        "final_bake_seconds",
        "5m",
        "at least 600",
        metrics=[{"name": "errors", "period": 300, "threshold": {"above": 0.1}}],
        strategy="all_at_once",
    ),
    wrong("stickiness_seconds", "30d", "must be from 0 to 7d"),
    wrong("stickiness_seconds", "1h", "is of a Network Load Balancer", routes=[NETWORK_LISTENER]),
    wrong("alarms", {"web-5xx": True}, "is not a list"),
    wrong("alarms", ",", "has no name in it"),
    wrong("alarms", [{"name": "web-5xx"}], "is not text"),
    wrong("alarms", [f"alarm-{number}" for number in range(11)], "at most 10", work="roll"),
    wrong("metrics", ["erors"], "needs compare and queries"),
    wrong("metrics", [{"name": "errors", "threshhold": {"above": 0.1}}], "Did you mean threshold?"),
    wrong("metrics", [{"name": "errors", "threshold": {"allowed": 1}}], "needs above or below"),
    wrong("metrics", [{"name": "errors", "dry_run": "maybe"}], "neither true nor false"),
    wrong("metrics", "errors, errors", "is listed twice"),
    wrong("metrics", [{"name": "errors", "period": 90}], "a multiple of 60 s; given: 90"),
    wrong("metrics", [{"name": "load", "queries": [LOAD], "compare": "points", "value": "load"}], "statistic average"),
    wrong("inconclusive", "retry", "not one of rollback, pause, continue"),
]

GATES = [
    wrong("windows", [{"days": ["monday"]}], "some of mon, tue"),
    wrong("windows", [{"from": "25:00"}], "an hour from"),
    wrong("windows", [{"timezone": "Berlin"}], "no time zone Berlin"),
    wrong("windows", "9-17", "not of the form"),
    wrong("windows", [{"from": 22, "to": 6}], "an hour from"),
    wrong("windows", [{"from": True}], "an hour from"),
    wrong("override", True, "is the reason why"),
    wrong("override", "false", "is no reason"),
    wrong("override", "None", "is no reason"),
    wrong("override", "[window]", "is no reason"),
    wrong("override", "reason: hotfix\nalow: [window]", "is the reason why"),
    wrong("override", "Reason: hotfix\nAllow: [window]", "is the reason why"),
    wrong("override", "resaon: hotfix\nalow: [window]", "is the reason why"),
    wrong("override", "reason: hotfix, allow: [window]", "is not a mapping"),
    wrong("override", "reason: DB: down\nallow: [window]", "is not a mapping"),
    wrong("override", {"allow": ["freeze"]}, "is the reason why"),
    wrong("override", {"reason": "hotfix", "allow": ["everything"]}, "Unknown: everything"),
    wrong("override", '{"reason": "hotfix"', "neither JSON nor YAML"),
    wrong("hooks", {"before_shfit": "/srv/hook.yml"}, "Did you mean before_shift"),
    wrong("hooks", {"before_shift": "hooks/warm_up.yml"}, "needs an absolute path"),
    wrong("hooks", {"before_shift": "/nonexistent/warm_up.yml"}, "there is no file /nonexistent/warm_up.yml"),
    wrong("hooks", "/srv/hook.yml", "is not a mapping"),
    wrong("freeze_reason", "", "is not set, and freeze.yml needs it", work="freeze"),
    wrong("freeze_reason", "x" * 257, "too long", work="freeze"),
    wrong("freeze_until", "2027-01-04", "offset from UTC", work="freeze", freeze_reason="Stock-taking"),
    wrong("approve_weight", "110%", "must be from 0 to 100", work="approve"),
]

ENDING = [
    wrong("retain_seconds", "1 hour", "is not a duration"),
    wrong("quiet_seconds", True, "true is not a duration"),
    wrong("drain_timeout", "1.5", "is not a duration"),
    wrong("keep_versions", "-1", "must be 0 or more"),
]

STORE = [
    wrong(
        "store", "example-releases/bluegreen", "is not the URL of a store. Give s3://bucket/prefix or file:///directory"
    ),
    wrong("store", "gs://example-releases", "no kind of store called gs"),
    wrong("store", "s3://Example_Releases/bluegreen", "is not the name of a general purpose bucket"),
    wrong("store", "s3://releases--x-s3", "is not the name of a general purpose bucket"),
    wrong("store", "s3://example-releases/a//b", "has '' in it"),
    wrong("store", "s3://example-releases/a?versionId=1", "has 'a?versionId=1' in it"),
    wrong("store", "file://releases", "does not name a directory by its absolute path"),
    wrong("store", "file:///srv/../etc", "does not name a directory by its absolute path"),
    wrong("store", True, "true is not text"),
]

ROLL = [
    wrong("max_healthy_percentage", 150, "a difference of at most 100", work="roll", min_healthy_percentage=0),
    wrong("max_healthy_percentage", "90%", "must be from 100 to 200", work="roll"),
    wrong("checkpoints", "50,10", "must rise", work="roll"),
    wrong("checkpoints", [0, 50], "must be from 1 to 100", work="roll"),
    wrong("hold_seconds", "3d", "must be from 0 to 2d", work="roll"),
    wrong("hold_seconds", "5m", "AWS would continue", work="roll", bake_seconds="5m"),
    wrong("roll_timeout", "4h", "holds a checkpoint for 43140 s more", work="roll", hold_seconds="12h"),
    wrong(
        "scale_in_protected",
        "ignore",
        "protected instances keep the old release",
        work="roll",
        release_from={"header": "X-Release"},
        test_route=TEST_ROUTE,
    ),
    wrong("standby", "stop", "not one of terminate, ignore, wait", work="roll"),
    wrong(
        "adopt_test_route", {"header": {"name": "X-Candidate", "value": "yes"}}, "priority go together", work="adopt"
    ),
    wrong("adopt_test_route", {"port": 8001, "priority": 5}, "header and priority go together", work="adopt"),
    wrong("adopt_test_route", {"protocol": "HTTP"}, "needs a header and a priority, or a port", work="adopt"),
]

NOTIFICATIONS = [
    wrong("notify", "chat", "Target 1: It is not a mapping"),
    wrong("notify", [{"webhok": "https://example.com/"}], "There is no webhok. Did you mean webhook?"),
    wrong("notify", [{"webhook": "https://example.com/"}], "Target 1: A webhook needs a secret"),
    wrong("notify", [{"chat": "https://example.com/secret\x7f"}], "Target 1: Its URL has blanks or other characters"),
    wrong("notify", [{"sns": "arn:aws:sns:eu-west-1:1:topic"}], "is not the ARN of an SNS topic"),
    wrong("notify", [{"chat": "https://example.com/", "events": ["halt"]}], "Did you mean halted?"),
    wrong("notify", [{"chat": ["https://example.com/"]}], "Target 1: chat: It is not text."),
    wrong("notify", [{"webhook": "https://example.com/", "secret": 1234}], "Target 1: secret: It is not text."),
]

MISTAKES = [*NAMES, *PLACE, *RELEASE, *VERIFICATION, *TRAFFIC, *GATES, *ENDING, *STORE, *ROLL, *NOTIFICATIONS]
