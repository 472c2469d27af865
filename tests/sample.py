# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's sample service as its user sees it: an address, images, and the doors in playbooks/."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from switchyard_lab.client import LabProcess
from tests.in_process import in_process
from tests.playing import ROOT, Played, Run, playbook
from tests.plays import forked

SERVICE = "demo"


@dataclass(frozen=True)
class Sample:
    """``run``: how its plays are run; what they take for users is measured with those that are started. ``env``: with
    whose keys, if not with those that the lab gives out."""

    lab: LabProcess
    service: str = SERVICE
    run: Run = forked
    env: Mapping[str, str] | None = None

    @cached_property
    def url(self) -> str:
        balancer = self.lab.info()["load_balancers"][self.service]
        return f"http://{balancer['dns']}:{balancer['ports'][0]}/"

    @cached_property
    def definition(self) -> dict[str, Any]:
        """The service's variables in the inventory."""
        inventory = yaml.safe_load(self.lab.inventory.read_text(encoding="utf-8"))
        return dict(inventory["bluegreen"]["hosts"][self.service])

    def answering(self, requests: int = 50) -> set[str]:
        """The releases that users get now."""
        return {self._answer() for _request in range(requests)}

    def _answer(self) -> str:
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            return str(answer.headers["X-Release"])

    def open(self, door: str, *arguments: str, **variables: Any) -> Played:
        """``ansible-playbook playbooks/DOOR.yml -i INVENTORY -e VARIABLES ARGUMENTS``"""
        path = ROOT / f"playbooks/{door}.yml"
        given = ["-i", str(self.lab.inventory), "-e", json.dumps(variables)]
        return playbook(path, self.env or self.lab.env, *given, *arguments, run=self.run)

    def set_deregistration_delay(self, seconds: int) -> None:
        elbv2 = self.lab.client("elbv2")
        names = list(self.definition["bluegreen_target_groups"].values())
        for group in elbv2.describe_target_groups(Names=names)["TargetGroups"]:
            delay = {"Key": "deregistration_delay.timeout_seconds", "Value": str(seconds)}
            elbv2.modify_target_group_attributes(TargetGroupArn=group["TargetGroupArn"], Attributes=[delay])

    def status(self) -> dict[str, Any]:
        """What service_info returns of the service."""
        return dict(self.ask("service_info", **self.place)["service"])

    @property
    def place(self) -> dict[str, Any]:
        """Options of a module that is about the service."""
        return {
            "service": self.service,
            "routes": self.definition["bluegreen_routes"],
            "target_groups": self.definition["bluegreen_target_groups"],
        }

    def ask(self, module: str, **options: Any) -> dict[str, Any]:
        """What the module returns."""
        result = in_process(module, options | self.lab.options, check=False)
        if result.get("failed"):
            raise RuntimeError(f"{module}: {result['msg']}")
        return result

    def stable_release(self) -> str:
        status = self.status()
        return str(status["environments"][status["stable"]]["release"])
