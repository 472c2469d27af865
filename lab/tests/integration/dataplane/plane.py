# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane and the instances without a control plane: the test says what the configuration is."""

import http.client
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from switchyard_lab.authority import KeyPair
from switchyard_lab.processes.children import Message
from switchyard_lab.scene import eventually, status

from .processes import DEADLINE_SECONDS, SPEED, Children

APP_PORT = 8080
LB_PORT = 8000
ROWS = ("counts", "latency", "gauges")  # of a report of metrics, each beginning with its load balancer

Actions = list[dict[str, Any]]


def forward(weights: Mapping[str, int], stickiness_seconds: int = 0) -> Actions:
    stickiness = {"Enabled": bool(stickiness_seconds), "DurationSeconds": stickiness_seconds}
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    config = {"TargetGroups": groups, "TargetGroupStickinessConfig": stickiness}
    return [{"Type": "forward", "ForwardConfig": config}]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def by(self) -> str:
        """The name of the instance that answered, which is also its release."""
        return self.headers["X-Release"] or ""

    @property
    def cookies(self) -> str:
        """As a browser would send them back."""
        return "; ".join(cookie.partition(";")[0] for cookie in self.headers.get_all("Set-Cookie", []))


def ask(connection: http.client.HTTPConnection, path: str = "/", method: str = "GET", **details: Any) -> Answer:
    connection.request(method, path, **details)
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


@dataclass
class Plane:
    """One test's load balancer, instances and configuration."""

    children: Children
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    idle_timeout: float = 60.0
    protocol: str = "HTTP"
    certificate: KeyPair | None = None  # of a listener that speaks TLS

    def __enter__(self) -> Self:
        self._number = next(self.children.numbers)
        self._start = len(self.children.heard.messages)
        self.host = f"127.{self.children.net.octet + 100}.1.{self._number}"
        self.load_balancer = f"{'app' if self.protocol.startswith('HTTP') else 'net'}/test/{self._number}"
        self._hosts: dict[str, str] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self.groups, self.rules = {}, []
        self.apply()
        for name in self._hosts:
            self.signal(name, "KILL")
        for name in self._hosts:
            self.wait(lambda message, name=name: message["op"] == "exited" and message["id"] == self._id(name))

    def run(self, *names: str, **behavior: Any) -> None:
        """Start instances, and wait until they accept connections."""
        for name in names:
            self.begin(name, **behavior)
        for name in names:
            self.wait(lambda message, name=name: message["op"] == "running" and message["id"] == self._id(name))

    def begin(self, name: str, **behavior: Any) -> None:
        """A name that is begun again keeps its address."""
        host = self._hosts.setdefault(name, f"127.{self.children.net.octet}.{self._number}.{len(self._hosts) + 1}")
        run = {"op": "run", "id": self._id(name), "life": 1, "host": host, "ports": [APP_PORT]}
        self.children.instances.send({**run, "behavior": {"release": name, **behavior}})

    def signal(self, name: str, signal: str) -> None:
        self.children.instances.send({"op": "kill", "id": self._id(name), "signal": signal})

    def behave(self, name: str, **changes: Any) -> None:
        """Either its ``health`` or its ``error_percent``; returns when the instance answers so."""
        self.children.instances.send({"op": "behavior", "id": self._id(name), **changes})
        path = "/health" if "health" in changes else "/"
        wanted = 500 if changes.get("health") == "fail" or changes.get("error_percent") else 200
        eventually(lambda: status(f"http://{self._hosts[name]}:{APP_PORT}{path}"), lambda seen: seen == wanted)

    def group(self, arn: str, *names: str, **settings: Any) -> None:
        health = {
            "protocol": "HTTP",
            "port": "traffic-port",
            "path": "/health",
            "interval": 5,
            "timeout": 4,
            "healthy": 2,
            "unhealthy": 2,
            "matcher": "200-299",
        }
        self.groups[arn] = {
            "protocol": "HTTP",
            "in_use": True,
            "shifted": [],
            "targets": [],
            "deregistration_delay": 10,
            "stickiness_seconds": 0,
            "stickiness_cookie": "",
            "sticks_to_source": False,
            "slow_start_seconds": 0,
            "unhealthy_draining_seconds": 0,
            "algorithm": "round_robin",
            "ends_drained": True,
            "ends_unhealthy": False,
            "health": health | settings.pop("health", {}),
            **settings,
        }
        self.targets(arn, *names)

    def targets(self, arn: str, *names: str) -> None:
        self._members[arn] = names
        self.groups[arn]["targets"] = [self._target(name) for name in names]

    def forward(self, weights: Mapping[str, int], stickiness_seconds: int = 0) -> None:
        self.rule("default", forward(weights, stickiness_seconds))

    def rule(self, priority: int | str, actions: Actions, *conditions: dict[str, Any]) -> None:
        self.rules = [rule for rule in self.rules if rule["priority"] != priority]
        self.rules.append({"priority": priority, "conditions": list(conditions), "actions": actions})

    def apply(self) -> None:
        """Send the configuration, and wait until it holds."""
        generation = next(self.children.generations)
        listener = {
            "lb": self.load_balancer,
            "arn": "listener",
            "protocol": self.protocol,
            "idle_timeout": self.idle_timeout,
            "rules": self.rules,
        }
        if self.certificate:
            listener |= {"certificates": [asdict(self.certificate)], "ssl_policy": "", "alpn_policy": []}
        listeners = {f"{self.host}:{LB_PORT}": listener} if self.rules else {}
        config = {"op": "config", "generation": generation, "groups": self.groups, "listeners": listeners}
        self.children.dataplane.send(config)
        self.wait(lambda message: message == {"op": "applied", "generation": generation})

    def apply_until_healthy(self) -> None:
        self.apply()
        for arn, names in self._members.items():
            for name in names:
                self.wait_for_health(arn, name, "healthy")

    def wait(self, wanted: Callable[[Message], bool]) -> Message:
        return self.children.heard.wait(wanted, self._start)

    def wait_for_health(self, arn: str, name: str, state: str) -> Message:
        """Until the latest report on the target says so."""

        def said(_message: Message) -> bool:
            reports = self.reports(arn, name)
            return bool(reports) and reports[-1]["state"] == state

        self.wait(said)
        return self.reports(arn, name)[-1]

    def reports(self, arn: str, name: str) -> list[Message]:
        return [
            message for message in self.said("health") if message["group"] == arn and message["id"] == self._id(name)
        ]

    def drained(self, arn: str, name: str) -> bool:
        report = {"op": "drained", "group": arn, "id": self._id(name), "port": APP_PORT}
        return report in self.said("drained")

    def wait_until_drained(self, arn: str, name: str) -> None:
        self.wait(lambda _message: self.drained(arn, name))

    def said(self, operation: str) -> list[Message]:
        return [message for message in self.children.heard.messages[self._start :] if message["op"] == operation]

    def metrics(self) -> list[Message]:
        """With the rows of this load balancer alone: that of an earlier test is reported for a while."""
        return [
            message | {kind: [row for row in message[kind] if row[0] == self.load_balancer] for kind in ROWS}
            for message in self.said("metrics")
        ]

    def metric(self, name: str, group: str | None = None) -> int:
        """The sum so far."""
        return sum(
            value
            for message in self.metrics()
            for _load_balancer, of, metric, value in message["counts"]
            if (of, metric) == (group, name)
        )

    def wait_for_metric(self, name: str, value: int, group: str | None = None) -> None:
        self.wait(lambda _message: self.metric(name, group) >= value)

    def get(self, path: str = "/", **headers: str) -> Answer:
        """On a connection of its own; header names are written with underscores."""
        with closing(self.connect()) as connection:
            return ask(connection, path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def get_many(self, count: int, path: str = "/") -> list[Answer]:
        """One after another on one connection."""
        with closing(self.connect()) as connection:
            return [ask(connection, path) for _request in range(count)]

    def pass_lab_seconds(self, seconds: float) -> None:
        """Let the lab's clock continue, for what has no event to wait on."""
        time.sleep(seconds / SPEED)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, LB_PORT, timeout=DEADLINE_SECONDS)

    def _id(self, name: str) -> str:
        return f"i-{name}-{self._number}"

    def _target(self, name: str) -> dict[str, Any]:
        return {"id": self._id(name), "host": self._hosts[name], "port": APP_PORT}
