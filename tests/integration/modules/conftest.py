# SPDX-License-Identifier: GPL-3.0-or-later
"""A scene of its own for each test of a module, and the calls that the module made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from .demo import Demo
from .front import Front, front_of
from .pair import Pair
from .rolled import Rolled

Made = Callable[..., list[str]]
Plan = Callable[..., dict[str, Any]]


@pytest.fixture
def scene(lab: LabProcess) -> Iterator[Scene]:
    scene = Scene(lab)
    yield scene
    scene.clear()


@pytest.fixture
def front(scene: Scene) -> Front:
    return front_of(scene)


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


@pytest.fixture
def pair(scene: Scene) -> Pair:
    return Pair(scene)


@pytest.fixture
def rolled(ask: Ask, scene: Scene) -> Rolled:
    return Rolled(ask, scene)


@pytest.fixture
def definition(scene: Scene) -> dict[str, Any]:
    """A service without instances; blue has the traffic."""
    groups = {"blue": scene.target_group(), "green": scene.target_group()}
    listener = scene.listener({groups["blue"]: 100, groups["green"]: 0})
    return {"service": scene.name("service"), "routes": [listener], "target_groups": groups}


@pytest.fixture
def service(definition: dict[str, Any]) -> dict[str, Any]:
    """That of the definition, without its routes."""
    return {key: definition[key] for key in ("service", "target_groups")}


@pytest.fixture(params=["s3", "file"])
def store(request: pytest.FixtureRequest, lab: LabProcess, scene: Scene, tmp_path: Path) -> str:
    """The URL of an empty store of each kind."""
    if request.param == "file":
        return f"file://{tmp_path}"
    bucket = scene.name("store")
    lab.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return f"s3://{bucket}/bluegreen"


@pytest.fixture
def plan(ask: Ask) -> Plan:
    """``plan(service=…, routes=…, image_id=…)``, the variables of a service by their names without the prefix → the
    result of module plan; ``stages=["swap"]`` for a part of a release."""

    from .planning import options_of

    def planned(stages: list[str] | None = None, **said: Any) -> dict[str, Any]:
        return ask("plan", **options_of(stages, said))

    return planned


@pytest.fixture
def made(lab: LabProcess) -> Made:
    """``made()`` → the operations that this collection called since it was asked last; ``made("write")`` the writes."""
    since = time.time()

    def operations(kind: str | None = None) -> list[str]:
        nonlocal since
        calls = lab.calls(since, kind)
        since = time.time()
        return [call["operation"] for call in calls if "switchyard.bluegreen" in call["user_agent"]]

    return operations
