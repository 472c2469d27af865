# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of a WSGI application (PEP 3333)."""

from collections.abc import Callable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
