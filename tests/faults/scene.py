# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a cell begins: a service as each playbook finds it, and the variables with which it is run."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from switchyard_lab.client import LabProcess
from tests.integration.returning import make_group, make_role
from tests.playing import Played, Run
from tests.sample import SERVICE, Sample
from tests.standing import MARGIN, Standing, stand

from .cells import DOORS

BUCKET = "releases"
POSITIONS = dict(zip(DOORS, (0, 10, 100), strict=True))  # percents of the candidate
STEPS = [{"weight": 10, "bake_seconds": 1}, {"weight": 100, "bake_seconds": 1}]
# Where a bake would take the most of the time, and show nothing.
QUICK = {"bluegreen_strategy": [{"weight": 100, "bake_seconds": 0}], "bluegreen_propagation_timeout": 0}
GROUPS = {"blue": f"{SERVICE}-blue-v001", "green": f"{SERVICE}-green-v002"}


@dataclass(frozen=True)
class Scene:
    """``given``: variables of every playbook."""

    standing: Standing
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lab(self) -> LabProcess:
        return self.standing.sample.lab

    def variables(self, door: str) -> dict[str, Any]:
        released = {"bluegreen_image_id": self.standing.images["1.1.0"], "bluegreen_release": "1.1.0"}
        return {**self.given, **(released if door == "deploy" else {})}

    def open(self, door: str, run: Run, key: str) -> Played:
        """``key``: the access key with which it signs its calls."""
        return Sample(self.lab, run=signed(run, key)).open(door, **self.variables(door))


def signed(run: Run, key: str) -> Run:
    return lambda arguments, environment, timeout: run(arguments, {**environment, **identity(key)}, timeout)


def identity(key: str) -> dict[str, str]:
    """The access key, and a name for the call log (botocore's setting user_agent_appid)."""
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SDK_UA_APP_ID": key}


def begin(lab: LabProcess, door: str, way: str, quick: bool = False) -> Scene:
    """In a lab without seed."""
    standing = stand(lab, "records" if way == "records" else "listener", POSITIONS[door])
    make_group(lab)
    given = {
        "bluegreen_return_role": make_role(lab),
        "bluegreen_return_after": 300,
        "bluegreen_strategy": STEPS,
        "bluegreen_propagation_timeout": 3,
        "bluegreen_ttl_margin_seconds": MARGIN,
        **(QUICK if quick else {}),
    }
    if way == "store":
        lab.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        given["bluegreen_store"] = f"s3://{BUCKET}/bluegreen"
    scene = Scene(standing, given)
    if door == "rollback":
        _leave(scene)
    return scene


def _leave(scene: Scene) -> None:
    """What a run that died at a split leaves: both groups pinned, its schedules and its lease."""
    definition, ask = scene.standing.sample.definition, scene.standing.sample.ask
    of = {"service": SERVICE, "target_groups": definition["bluegreen_target_groups"]}
    process = subprocess.Popen(["sleep", "600"])
    run = {"run": "dead", "doing": "deploy", "process": _process(process.pid)}
    kept = {"return_role": scene.given["bluegreen_return_role"], "store": scene.given.get("bluegreen_store")}
    lease = ask("lease", **of, **run, **kept)["lease"]
    for group in GROUPS.values():
        ask("autoscaling_capacity", group=group, lease=lease)
    traffic = {"routes": definition["bluegreen_routes"], "target_groups": of["target_groups"], "lease": lease}
    for green in (0, 10):
        ask("route_weights", weights={"blue": 100 - green, "green": green}, return_to="blue", **traffic)
    process.kill()
    process.wait()


def _process(pid: int) -> str:
    """As a lease says it."""
    # Imported before Ansible has set its loader up, the collection would be no collection to it.
    from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.process import process_of

    return str(process_of(pid))
