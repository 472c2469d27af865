# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system allows the processes that carry traffic, so that a busy machine adds no failures of its own."""

import resource


def open_more_files() -> None:
    """As many as the hard limit allows: the soft one is 1,024 on most systems, and requests to a hung target hold
    thousands of connections."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
