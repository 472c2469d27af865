# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of command-line arguments, and of settings in the environment."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from math import isfinite, nan
from pathlib import Path


def positive(text: str) -> float:
    """A number above 0, and not an infinite one."""
    number = _number(text)
    if not number > 0:
        raise ArgumentTypeError(f"{text} is not a number above 0")
    return number


def not_negative(text: str) -> float:
    """0, or a number above it that is not infinite."""
    number = _number(text)
    if not number >= 0:
        raise ArgumentTypeError(f"{text} is not 0 or a number above it")
    return number


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number of this range."""

    def read(text: str) -> int:
        number = int(text) if text.isdecimal() and len(text) <= len(str(most)) else -1
        if not least <= number <= most:
            raise ArgumentTypeError(f"{text} is not a whole number from {least} to {most}")
        return number

    return read


def switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ArgumentTypeError(f"{text} is neither 0 nor 1")
    return text == "1"


def existing_file(text: str) -> Path:
    if not Path(text).is_file():
        raise ArgumentTypeError(f"{text} is not a file")
    return Path(text)


def _number(text: str) -> float:
    """Not a number where it is none, or infinite."""
    try:
        number = float(text)
    except ValueError:
        return nan
    return number if isfinite(number) else nan
