# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any text as the value of a tag."""

from __future__ import annotations

import re

LONGEST_VALUE = 256  # TagValue in the service model of Elastic Load Balancing, as is what a value may consist of:
NOT_ALLOWED = re.compile(r"[^\w .:/+@-]")  # here without =, which begins an escaped character
ENCODED = re.compile(r"(?:=[0-9A-F]{2})+")
CUT = re.compile(r"=[0-9A-F]?$")


def encoded(text: str) -> str:
    """What AWS does not allow in a tag, such as a comma, as quoted-printable: = and the two digits of each byte."""
    return NOT_ALLOWED.sub(lambda found: "".join(f"={byte:02X}" for byte in found[0].encode()), text)


def decoded(value: str) -> str:
    return ENCODED.sub(lambda found: bytes.fromhex(found[0].replace("=", "")).decode(errors="ignore"), value)


def shortened(text: str, length: int) -> str:
    """Encoded, and cut to at most ``length`` characters."""
    return CUT.sub("", encoded(text)[:length]).rstrip()


def as_word(text: str, length: int) -> str:
    """The same without blanks, so that one ends it."""
    return CUT.sub("", encoded(text).replace(" ", "=20")[:length])
