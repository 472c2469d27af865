# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes: which keys the mappings within a variable have, and the values of each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..base.errors import BluegreenError
from ..checks.expectations import parse_headers
from . import values

T = TypeVar("T")
TEXT = ("text", "body", "hidden")  # blank text is a value of these kinds; of all others it is not set
WORD = re.compile(r"[a-z_-]{1,20}", re.IGNORECASE)  # may be quoted: a token in a wrong place is as secret


@dataclass(frozen=True)
class Key:
    """``keys`` are those of the mapping, or of each mapping of a list, that stands under it."""

    kind: str
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    least: int = 0
    keys: Mapping[str, Key] = field(default_factory=dict)


Keys = Mapping[str, Key]


def read_shape(keys: Keys, given: Any, *, secret: bool = False) -> dict[str, Any]:
    """The mapping with every key that it may have; None stands for what was not given. ``secret``: nothing is quoted of
    a value where a mapping or a key is expected."""
    said = read_unquoted(values.read_mapping, "a mapping", given) if secret else values.read_mapping(given)
    if secret and any(key not in keys and not WORD.fullmatch(str(key)) for key in said):
        raise BluegreenError(f"Something in it stands where a key is expected. Known are {', '.join(keys)}.")
    problems = [_unknown(str(key), keys) for key in said if key not in keys]
    read: dict[str, Any] = {}
    for name, key in keys.items():
        value = said.get(name)
        if value is None or (key.kind not in TEXT and values.is_unset(value)):
            read[name] = key.default
            problems += [f"It needs {name}."] if key.required else []
            continue
        try:
            read[name] = READERS[key.kind](key, value)
        except BluegreenError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise BluegreenError(" ".join(problems))
    return read


def read_shapes(
    title: str, keys: Keys, given: list[Any], short: str = "", *, secret: bool = False
) -> list[dict[str, Any]]:
    """One mapping after the other. A text stands for the key ``short``, where there is one."""
    read, problems = [], []
    for number, each in enumerate(given, 1):
        try:
            read.append(read_shape(keys, {short: each} if short and isinstance(each, str) else each, secret=secret))
        except BluegreenError as error:
            problems.append(f"{title} {number}: {error}")
    if problems:
        raise BluegreenError(" ".join(problems))
    return read


def read_unquoted(read: Callable[..., T], what: str, *given: Any) -> T:
    """The errors of values quote what was given, which may be a secret."""
    try:
        return read(*given)
    except BluegreenError:
        raise BluegreenError(f"It is not {what}.") from None


def _unknown(name: str, keys: Keys) -> str:
    near = values.nearest(name, keys)
    return f"There is no {name}. " + (f"Did you mean {near}?" if near else f"Known are {', '.join(keys)}.")


def _body(_key: Key, value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _hidden(_key: Key, value: Any) -> str:
    """Text that no sentence quotes."""
    if not isinstance(value, str):
        raise BluegreenError("It is not text.")
    return value.strip()


def _headers(_key: Key, value: Any) -> dict[str, str]:
    try:
        return parse_headers(read_unquoted(values.read_mapping, "a mapping", value))
    except BluegreenError as error:
        raise BluegreenError(str(error).removeprefix("headers: ")) from None


def _some(key: Key, value: Any) -> dict[str, Any]:
    """What was given of a mapping whose keys all may be left out."""
    return {name: each for name, each in read_shape(key.keys, value).items() if each is not None}


READERS: Mapping[str, Callable[[Key, Any], Any]] = {
    "text": lambda _key, value: values.read_text(value),
    "choice": lambda key, value: values.read_choice(value, key.choices),
    "whole": lambda key, value: values.read_whole(value, key.least),
    "number": lambda _key, value: values.read_number(value),
    "boolean": lambda _key, value: values.read_boolean(value),
    "duration": lambda key, value: values.read_duration(value, key.least),
    "texts": lambda _key, value: values.read_names(value),
    "wholes": lambda _key, value: [
        values.read_whole(each) for each in ([value] if isinstance(value, int) else values.read_list(value))
    ],
    "headers": _headers,
    "mapping": lambda _key, value: values.read_mapping(value),
    "body": _body,
    "hidden": _hidden,
    "shape": _some,
    "shapes": lambda key, value: read_shapes("Item", key.keys, values.read_list(value)),
}
