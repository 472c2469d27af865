# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample service behind routes of each kind, brought to some position of a release without a play."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.load.resolving import Resolving
from switchyard_lab.seed.account import Account
from switchyard_lab.seed.inventory import write_inventory
from switchyard_lab.seed.records import RecordService
from switchyard_lab.seed.service import PRODUCTION_PORT, SampleService
from tests.integration.playbooks.network_service import NetworkService
from tests.sample import SERVICE, Sample

TTL, MARGIN = 2, 1  # seconds
RATE = 120  # requests per second
HEALTH_SECONDS = 60


class RuleService(SampleService):
    """Behind a rule; what the rule does not match is answered by nobody."""

    def _routes(self) -> dict[str, Any]:
        elbv2 = self._client("elbv2")
        (listener,) = elbv2.describe_listeners(ListenerArns=[self._production])["Listeners"]
        rule = elbv2.create_rule(
            ListenerArn=self._production,
            Priority=1,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}],
            Actions=listener["DefaultActions"],
        )["Rules"][0]["RuleArn"]
        nobody = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
        elbv2.modify_listener(ListenerArn=self._production, DefaultActions=[nobody])
        return {**super()._routes(), "bluegreen_routes": [rule]}


@dataclass(frozen=True)
class Standing:
    """A service, its images by release, and where its users ask. Half of them keep their connections, unless nobody
    may: those that resolve a name, and those of a Network Load Balancer, whose connections end with their instance."""

    sample: Sample
    images: dict[str, str]
    url: str
    resolving: Resolving | None = None
    may_keep: bool = True

    def users(self, rate: float) -> list[BackgroundLoad]:
        kinds = (True, False) if self.may_keep else (False,)
        each = rate / len(kinds)
        return [BackgroundLoad(self.url, each, keep_alive=kept, resolving=self.resolving) for kept in kinds]


def stand(lab: LabProcess, kind: str, position: int, candidate: bool = False) -> Standing:
    """In a lab without seed. ``position``: the candidate's percent of the traffic. At 0 there is none yet, unless a
    ``candidate`` is wanted; at 100 it has settled."""
    standing = _make(lab, kind)
    if position or candidate:
        _bring_up(standing)
        _split(standing, position)
    if position == 100:
        _settle(standing)
    return standing


def _make(lab: LabProcess, kind: str) -> Standing:
    account = Account(lab.endpoint, lab.info()["cidr"])
    images = account.images() | {"1.2.0": account.image("web-1.2.0", {"lab:release": "1.2.0"})}
    network = account.network()
    service: SampleService
    match kind:
        case "records":
            service = RecordService(SERVICE, account, network, images, ttl=TTL)
        case "network":
            service = NetworkService(SERVICE, account, network, images)
        case "rule":
            service = RuleService(SERVICE, account, network, images)
        case _:
            service = SampleService(SERVICE, account, network, images)
    service.await_healthy()
    write_inventory(lab.inventory, {SERVICE: service.definition()}, images)
    sample = Sample(lab)
    if isinstance(service, RecordService):
        clients = int(RATE * TTL * 1.2)
        return Standing(sample, images, service.url, Resolving(lab.dns, clients), may_keep=False)
    balancer = lab.info()["load_balancers"][SERVICE]
    url = f"http://{balancer['dns']}:{PRODUCTION_PORT}/"
    return Standing(sample, images, url, may_keep=kind != "network")


def _routes(standing: Standing) -> dict[str, Any]:
    definition = standing.sample.definition
    return {"routes": definition["bluegreen_routes"], "target_groups": definition["bluegreen_target_groups"]}


def _bring_up(standing: Standing) -> None:
    """A candidate of release 1.1.0."""
    groups = standing.sample.definition["bluegreen_target_groups"]
    made = standing.sample.ask(
        "autoscaling_clone",
        source=f"{SERVICE}-blue-v001",
        image_id=standing.images["1.1.0"],
        release="1.1.0",
        service=SERVICE,
        color="green",
        target_groups=[groups["green"]],
    )
    standing.sample.ask(
        "target_registration",
        target_group=groups["green"],
        autoscaling_group=made["group"]["name"],
        wait_timeout=HEALTH_SECONDS,
    )


def _split(standing: Standing, candidate: int) -> None:
    groups = standing.sample.definition["bluegreen_target_groups"]
    standing.sample.ask(
        "route_weights", weights={groups["blue"]: 100 - candidate, groups["green"]: candidate}, **_routes(standing)
    )


def _settle(standing: Standing) -> None:
    """The previous environment is due for removal at once."""
    environments = standing.sample.status()["environments"]
    standing.sample.ask(
        "settle",
        service=SERVICE,
        target_groups=standing.sample.definition["bluegreen_target_groups"],
        groups={color: each["group"] for color, each in environments.items()},
        stable="green",
        retain_seconds=0,
    )
