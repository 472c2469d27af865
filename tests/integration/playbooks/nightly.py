# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of twelve services, each found by the nightly cycle in another state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import eventually
from tests.playing import ROOT, Played, playbook
from tests.plays import forked
from tests.sample import Sample

OLD = "2025-01-01T02:00:00.000Z"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
CONFIG = """\
[profile lab]
aws_access_key_id = lab
aws_secret_access_key = lab
[profile unreachable]
source_profile = lab
role_arn = arn:aws:iam::999999999999:role/release
"""
# By service: how it ends, and a part of its message.
ENDS = {
    "current": ("unchanged", ""),
    "hotfix": ("unchanged", ""),
    "good": ("succeeded", "good is released"),
    "parameter": ("succeeded", "parameter is released"),
    "abandoned": ("succeeded", "abandoned is released"),
    "superseded": ("refused", "superseded is being shifted to 1.1.0 (green has 50 % of the traffic)"),
    "busy": ("refused", "job 42"),
    "frozen": ("refused", "frozen is frozen: Stock-taking"),
    "broken": ("refused", "ListenerNotFound"),
    "unreachable": ("refused", "not authorized to perform: sts:AssumeRole"),
    "sick": ("rolled_back", "The release of sick was rolled back"),
    "bad": ("rolled_back", "bad-green-5xx"),
}
NIGHT = {
    "bluegreen_fail_on": ["rolled_back", "halted"],
    "bluegreen_strategy": [{"weight": 50, "bake_seconds": 20}, {"weight": 100, "bake_seconds": 2}],
    "bluegreen_final_bake_seconds": 0,
    "bluegreen_propagation_timeout": 0,
}


@dataclass
class Fleet:
    lab: LabProcess
    folder: Path
    images: dict[str, str] = field(default_factory=dict)

    def seed(self) -> None:
        """What the day has left."""
        for name in ENDS:
            tags = {"lab:release": "1.1.0", "approved": "yes"}
            if name == "bad":
                tags |= {"lab:error-percent": "60"}
            if name == "sick":
                tags |= {"lab:health": "fail"}
            if name == "hotfix":
                tags |= {"lab:created": OLD}
            if name != "current":
                self.images[name] = self.image(f"{name}-2", tags)
        self._write_hosts()
        (self.folder / "config").write_text(CONFIG, encoding="utf-8")
        self.lab.client("ssm").put_parameter(Name="/images/parameter", Value=self.images["parameter"], Type="String")
        self._split("abandoned", "superseded")
        self.image("superseded-3", {"lab:release": "1.2.0", "approved": "yes"})
        self.sample("frozen").ask("freeze", **self._place("frozen"), reason="Stock-taking")
        self._lease("busy", 3600)
        elbv2, routes = self.lab.client("elbv2"), self.sample("broken").definition["bluegreen_routes"]
        for listener in elbv2.describe_listeners(ListenerArns=routes)["Listeners"]:
            elbv2.delete_load_balancer(LoadBalancerArn=listener["LoadBalancerArn"])

    def image(self, name: str, tags: Mapping[str, str]) -> str:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        specification = {"ResourceType": "image", "Tags": listed}
        found = self.lab.client("ec2").register_image(Name=name, TagSpecifications=[specification])
        return str(found["ImageId"])

    def sample(self, name: str) -> Sample:
        return Sample(self.lab, name)

    def play(self, door: str, *arguments: str, **variables: Any) -> Played:
        """With profiles, as the accounts of a fleet have them."""
        env = {name: value for name, value in self.lab.env.items() if name not in KEYS}
        env |= {"AWS_CONFIG_FILE": str(self.folder / "config"), "AWS_EC2_METADATA_DISABLED": "true"}
        path = self.folder / "variables.yml"
        path.write_text(yaml.safe_dump(variables), encoding="utf-8")
        given = ["-i", str(self.lab.inventory), "-i", str(self.folder / "fleet.yml"), "-e", f"@{path}", *arguments]
        return playbook(ROOT / f"playbooks/{door}.yml", env, *given, run=forked, timeout=600)

    def _write_hosts(self) -> None:
        """The rule of each, in the inventory instead of an image's ID."""
        hosts = {}
        for name in ENDS:
            rule: dict[str, Any] = {"name": f"{name}-*", "tags": {"approved": "yes"}, "newest": True}
            if name == "current":
                rule = {"name": "web-1.0.0"}
            if name == "parameter":
                rule = {"ssm": "/images/parameter"}
            hosts[name] = {
                "bluegreen_image": {**rule, "release_tag": "lab:release"},
                "bluegreen_image_id": None,
                "bluegreen_profile": "unreachable" if name == "unreachable" else "lab",
                **({"bluegreen_health_timeout": 20} if name == "sick" else {}),
            }
        fleet = {"bluegreen": {"hosts": hosts}}
        (self.folder / "fleet.yml").write_text(yaml.safe_dump(fleet), encoding="utf-8")

    def _split(self, *names: str) -> None:
        """A run of the evening brings a candidate up and gives it half of the traffic, and dies there."""
        limited = ["--limit", ",".join(names)]
        played = self.play("provision", *limited, **NIGHT)
        assert played.returncode == 0, played.messages
        for name in names:
            routes = self.sample(name).definition["bluegreen_routes"]
            weights = dict.fromkeys(self._place(name)["target_groups"].values(), 50)
            self.sample(name).ask("listener_weights", routes=routes, weights=weights)
            self._lease(name, 1)
        for name in names:
            eventually(partial(self._is_held, name), (False).__eq__)

    def _lease(self, name: str, seconds: int) -> None:
        place = self._place(name)
        self.sample(name).ask("lease", **place, run=f"dead-{name}", doing="deploy", by="job 42", seconds=seconds)

    def _is_held(self, name: str) -> bool:
        """Whether the run that died still counts as alive."""
        return bool(self.sample(name).status()["lease"]["alive"])

    def _place(self, name: str) -> dict[str, Any]:
        return {"service": name, "target_groups": self.sample(name).definition["bluegreen_target_groups"]}
