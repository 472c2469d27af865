# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease of a run that died when all was done, or that was not allowed to give it back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.process import process_of

from tests.sample import Sample

from .reading import end


@pytest.mark.parametrize(("door", "kept"), [("deploy", "store"), ("deploy", "tags"), ("teardown", "tags")])
def test_a_run_that_has_nothing_to_do_ends_it(sample: Sample, tmp_path: Path, door: str, kept: str) -> None:
    store = {"store": f"file://{tmp_path}"} if kept == "store" else {}
    where = {name: its for name, its in sample.place.items() if name != "routes"}
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as run:
        who = {"run": "dead", "by": "job 42", "process": str(process_of(run.pid))}
        sample.ask("lease", **where, **store, **who, doing="deploy")
    assert sample.ask("service_info", **sample.place, **store)["service"]["lease"]["run"] == "dead"
    given = {f"bluegreen_{name}": its for name, its in store.items()}
    played = sample.open(door, bluegreen_release="1.0.0", **given)
    assert (end(played), played.changed) == (("unchanged", 0), 0), played.messages
    assert sample.ask("service_info", **sample.place, **store)["service"]["lease"] is None
