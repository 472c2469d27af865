# SPDX-License-Identifier: GPL-3.0-or-later
"""File descriptors: hundreds of requests a second at a hung target are thousands of open connections."""

import resource


def allow_many() -> None:
    """Raise this process's soft limit (1,024 on most systems) to the hard one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
