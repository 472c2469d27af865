# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of command-line arguments."""

from __future__ import annotations

from argparse import ArgumentTypeError
from math import isfinite


def positive(text: str) -> float:
    """A number above 0, and not an infinite one."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not (isfinite(number) and number > 0):
        raise ArgumentTypeError(f"{text} is not a number above 0")
    return number
