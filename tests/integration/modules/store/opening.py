# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores as a task opens them."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.session import Clients
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.kinds import open_store
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.store import Store

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from switchyard_lab.settings import REGION

KEY = "web/lease.json"


def opened(endpoint: str, url: str, region: str = REGION) -> Store:
    """With a client of its own."""
    keys = {"access_key": "lab", "secret_key": "lab"}
    return open_store(Run(Clients({**keys, "region": region, "endpoint_url": endpoint})), url)


def make_bucket(lab: LabProcess, prefix: str = "/releases") -> str:
    name = Scene.name("store")
    lab.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return f"s3://{name}{prefix}"


def stored(store: Store, key: str = KEY) -> str | None:
    found = store.read(key)
    return found.text if found else None
