# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes: which keys the mappings within a variable have, and the values of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base.errors import BluegreenError
from . import values


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


def read_shape(keys: Keys, given: Any) -> dict[str, Any]:
    """The mapping with every key that it may have; None stands for what was not given."""
    said = values.read_mapping(given)
    problems = [_unknown(str(key), keys) for key in said if key not in keys]
    read: dict[str, Any] = {}
    for name, key in keys.items():
        value = said.get(name)
        if value is None:
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


def read_shapes(title: str, keys: Keys, given: list[Any], short: str = "") -> list[dict[str, Any]]:
    """One mapping after the other. A text stands for the key ``short``, where there is one."""
    read, problems = [], []
    for number, each in enumerate(given, 1):
        try:
            read.append(read_shape(keys, {short: each} if short and isinstance(each, str) else each))
        except BluegreenError as error:
            problems.append(f"{title} {number}: {error}")
    if problems:
        raise BluegreenError(" ".join(problems))
    return read


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
    "mapping": lambda _key, value: values.read_mapping(value),
    "body": _body,
    "hidden": _hidden,
    "shape": _some,
    "shapes": lambda key, value: read_shapes("Item", key.keys, values.read_list(value)),
}
