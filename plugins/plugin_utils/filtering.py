# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with what a filter is given, as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansible.errors import AnsibleFilterError

from ..module_utils._core.base.errors import BluegreenError


@contextmanager
def reading(name: str, what: str) -> Iterator[None]:
    """``with reading("status_table", "a service as service_info returns it"): …``"""
    try:
        yield
    except BluegreenError as error:
        raise AnsibleFilterError(f"{name}: {error}") from error
    except Exception as error:
        raise AnsibleFilterError(f"{name} takes {what}: {error!r}") from error
