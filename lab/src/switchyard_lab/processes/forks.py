# SPDX-License-Identifier: GPL-3.0-or-later
"""Labs and load are forked from one process that has imported what takes long. A Python process has one fork server."""

from __future__ import annotations

import multiprocessing

PRELOAD = ("switchyard_lab.lab", "switchyard_lab.load.child", "switchyard_lab.seed.warm")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(list(PRELOAD))
