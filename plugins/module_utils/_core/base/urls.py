# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a URL, before anything is requested. No sentence quotes a URL: a token may be in it."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

# A name as DNS has it, or an IPv4 address ("reg-name" in RFC 3986 allows more, which no resolver finds).
HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
FORM = "It must begin with http:// or https:// and a host."


def url_problem(url: str) -> str:
    """A sentence; empty for a URL that a request can be sent to."""
    if problem := _characters_problem(url):
        return problem
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # of a port that is no number, a host with one bracket
        return "It has a malformed host or port."
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return FORM
    if "@" in parts.netloc:
        return "It has a user name or a password in it. Send them in a header, such as Authorization."
    if port == 0 or parts.netloc.endswith(":"):
        return "Its port is not a number from 1 to 65535."
    return _host_problem(parts.hostname)


def base_problem(url: str) -> str:
    """The same for a URL that paths are appended to."""
    if not (problem := url_problem(url)) and "?" in url:
        return "It has a query. Give the query in the path of each check."
    return problem


def path_problem(path: str) -> str:
    return _characters_problem(path)


def loopback(parts: SplitResult) -> bool:
    """Whether a request stays on this machine."""
    host = parts.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _host_problem(host: str) -> str:
    if "%" in host:
        return "It has an IPv6 address with a zone, which means something on one machine only. Leave the zone out."
    try:
        ip_address(host)
    except ValueError:
        return "" if HOST.fullmatch(host) else "It has a malformed host or port."
    return ""


def _characters_problem(text: str) -> str:
    if not text.isascii() or any(each <= " " or each == "\x7f" for each in text):
        return (
            "It has blanks or characters that are not ASCII. Encode them, as in %20, and a name of a host as in xn--…"
        )
    return "It has a part after #, which is sent to no server. Remove it." if "#" in text else ""
