# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system allows the processes that carry traffic, so that a busy machine adds no failures of its own."""

import os
import resource
from contextlib import suppress

NICE = -10


def lift() -> None:
    """As many open files as the hard limit allows (the soft one is 1,024 on most systems, and requests to a hung target
    hold thousands of connections); and, where we may, a turn on the processor before the tests' own work."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with suppress(PermissionError):  # only root may
        os.setpriority(os.PRIO_PROCESS, 0, NICE)
