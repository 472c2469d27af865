# SPDX-License-Identifier: GPL-3.0-or-later
"""Forks what tests start often from one process that has imported what takes long.

A Python process has one fork server. Nothing in it imports the controller's half of Ansible, for with that in the
process a module's warnings would be shown and not returned.
"""

from __future__ import annotations

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "tests.lab.lab",
        "tests.lab.load.child",
        "tests.lab.seed.warm",
        "ansible_collections.switchyard.bluegreen.plugins.module_utils._module",
    ]
)
