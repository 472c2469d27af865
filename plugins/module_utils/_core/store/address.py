# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a store is: ``s3://bucket/prefix``, or ``file:///directory`` on the machine where Ansible runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..base.errors import BluegreenError

URL = re.compile(r"([a-z0-9]+)://(.*)")
# "General purpose bucket naming rules" in the Amazon S3 User Guide; so is what follows.
BUCKET = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
IP_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
# "Safe characters" in "Naming Amazon S3 objects", the same guide.
PREFIX_PART = re.compile(r"(?!\.\.?$)[A-Za-z0-9!_.*'()-]+")
DIRECTORY = re.compile(r"/[^?#\n]*")  # what other readers of a URL take for a path, too

EXPECTED = "Give s3://bucket/prefix or file:///directory."


@dataclass(frozen=True)
class Address:
    """``place`` is a bucket or a directory. ``prefix`` begins the names of all objects in a bucket; it may be empty."""

    scheme: str
    place: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}{'/' if self.prefix else ''}{self.prefix}"

    @classmethod
    def parse(cls, url: str) -> Address:
        found = URL.fullmatch(url)
        if not found:
            raise BluegreenError(f"{url} is not the URL of a store. {EXPECTED}")
        scheme, rest = found.groups()
        if scheme not in SCHEMES:
            raise BluegreenError(f"There is no kind of store called {scheme}. {EXPECTED}")
        return SCHEMES[scheme](rest)


def _bucket(rest: str) -> Address:
    bucket, _slash, prefix = rest.rstrip("/").partition("/")
    if not _is_bucket(bucket):
        raise BluegreenError(
            f"{bucket!r} is not the name of a general purpose bucket: 3 to 63 lowercase letters, digits, dots and "
            "hyphens, and none of the beginnings and ends that AWS reserves."
        )
    wrong = [part for part in prefix.split("/") if prefix and not PREFIX_PART.fullmatch(part)]
    if wrong:
        raise BluegreenError(
            f"The prefix {prefix} has {wrong[0]!r} in it. Between its slashes there must be letters, digits or any of "
            "! _ . * ' ( ) -."
        )
    return Address("s3", bucket, prefix)


def _is_bucket(name: str) -> bool:
    return bool(
        BUCKET.fullmatch(name)
        and not IP_ADDRESS.fullmatch(name)
        and not name.startswith(RESERVED_STARTS)
        and not name.endswith(RESERVED_ENDS)
    )


def _directory(rest: str) -> Address:
    path = rest.rstrip("/")
    if not DIRECTORY.fullmatch(path) or {".", "..", ""} & set(path.split("/")[1:]):
        raise BluegreenError(
            f"file://{rest} does not name a directory by its absolute path, as file:///srv/bluegreen does."
        )
    return Address("file", path)


SCHEMES: Mapping[str, Callable[[str], Address]] = {"s3": _bucket, "file": _directory}
