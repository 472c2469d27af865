# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request sends may be secret: a finding repeats nothing of it, whatever an answer has in it."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_plus, urlsplit

HIDDEN = "***"
SHORTEST = 4  # characters of what is replaced within a longer text
# What these say is no secret, and a finding without it is hard to read.
OPEN = {"accept", "accept-encoding", "accept-language", "content-type", "host"}
WORD = re.compile(r"[^\s\"'=,;:&<>(){}\[\]]+")


class Sent:
    """The header values, the query and the body of a request, and the parts of them."""

    def __init__(self, url: str = "", headers: Mapping[str, str] | None = None, body: str | None = None) -> None:
        texts = [value for name, value in (headers or {}).items() if name.lower() not in OPEN]
        texts += [urlsplit(url).query, *_leaves(body or "")]
        parts = {part for text in texts for part in _parts(text) if len(part) >= SHORTEST}
        self._parts = sorted(parts, key=len, reverse=True)

    def hide(self, text: str) -> str:
        for part in self._parts:
            text = text.replace(part, HIDDEN)
        return text


def without_query(path: str) -> str:
    """As a finding names it."""
    before, mark, _query = path.partition("?")
    return f"{before}?{HIDDEN}" if mark else before


def _leaves(body: str) -> Iterator[str]:
    """The values of a JSON body, whose keys are no secret; any other body as it is."""
    try:
        yield from _values(json.loads(body))
    except (ValueError, RecursionError):
        yield body


def _values(found: Any) -> Iterator[str]:
    if isinstance(found, Mapping | list):
        for each in found.values() if isinstance(found, Mapping) else found:
            yield from _values(each)
    elif isinstance(found, str | int | float) and not isinstance(found, bool):
        yield str(found)


def _parts(text: str) -> Iterable[str]:
    """The text itself, its words, what they are without their encodings, and the parts of all these."""
    whole = [text, *text.split()]
    whole += [unquote_plus(each) for each in whole]
    for each in text.split():
        with suppress(ValueError):  # user and password, as Basic authentication encodes them
            whole.append(b64decode(each, validate=True).decode())
    return [*whole, *(word for each in whole for word in WORD.findall(each))]
