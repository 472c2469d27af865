# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as people write them: numbers, durations, lists and mappings, also as the text of a survey or of -e."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from math import isfinite
from typing import Any, TypeAlias

from ..base.errors import BluegreenError
from ..base.texts import is_unicode
from ..base.timestamps import aware

ParseYaml: TypeAlias = "Callable[[str], Any]"  # raises ValueError for text that is not YAML
CheckFile: TypeAlias = "Callable[[str], str | None]"  # what is wrong with a file, as a sentence

DURATION = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")
UNITS = (86400, 3600, 60, 1)  # of the groups of DURATION
WORDS = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
SEPARATORS = re.compile(r"[,\n]")
YEAR = 365 * 86400  # seconds: the longest duration that anything takes
LONGEST = 160  # characters of a value that a sentence shows
MOST_PARTS, DEEPEST = 10_000, 50  # of a value with values in it
LARGEST = 10**15  # of a number


def no_yaml(_text: str) -> Any:
    raise ValueError("Only JSON is read here.")


def is_unset(value: Any) -> bool:
    """A survey's empty answer is blank text."""
    return value is None or (isinstance(value, str) and not value.strip())


def quoted(value: Any) -> str:
    """A value within a sentence."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def check_plain(value: Any) -> None:
    """Refuse what neither AWS nor a sentence can carry, however deep it is in a value."""
    left = [(value, 0)]
    for _part in range(MOST_PARTS):
        if not left:
            return
        each, depth = left.pop()
        if depth > DEEPEST:
            raise BluegreenError("It is nested too deeply.")
        if isinstance(each, Mapping):
            left += [(part, depth + 1) for pair in each.items() for part in pair]
        elif isinstance(each, list | tuple):
            left += [(part, depth + 1) for part in each]
        elif isinstance(each, str) and ("\0" in each or not is_unicode(each)):
            raise BluegreenError("It contains a character that is not allowed: NUL, or half of a surrogate pair.")
        elif isinstance(each, int | float) and not -LARGEST < each < LARGEST:
            raise BluegreenError("It has a number in it that is too large, or none.")
    raise BluegreenError("It has too many parts.")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that this one was most likely meant to be."""
    names = list(known)
    longer = [each for each in names if each.startswith(f"{name}_")]
    if len(longer) == 1:
        return longer[0]
    found = get_close_matches(name, names, n=1, cutoff=0.6)
    return found[0] if found else None


def described_duration(seconds: int) -> str:
    """As short as a person writes it: 900 is ``15m``."""
    parts = []
    for letter, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts) or "0"


def read_text(value: Any) -> str:
    """A number is what YAML makes of a label such as 42; true and false are mistakes."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise BluegreenError(f"{quoted(value)} is not text.")


def read_choice(value: Any, choices: Sequence[str]) -> str:
    text = value.strip() if isinstance(value, str) else value
    if text in choices:
        return str(text)
    near = nearest(text, choices) if isinstance(text, str) else None
    meant = f" Did you mean {near}?" if near else ""
    raise BluegreenError(f"{quoted(value)} is not one of {', '.join(choices)}.{meant}")


def read_whole(value: Any, least: int = 0, most: int | None = None) -> int:
    number = _whole(value)
    if number is None:
        raise BluegreenError(f"{quoted(value)} is not a whole number.")
    return _bounded(number, least, most, value)


def read_percent(value: Any, least: int = 0, most: int | None = 100) -> int:
    """``10%`` and 10 are the same."""
    number = _whole(value.strip().removesuffix("%") if isinstance(value, str) else value)
    if number is None:
        raise BluegreenError(f"{quoted(value)} is not a whole percentage, such as 10 or 10%.")
    return _bounded(number, least, most, value)


def read_duration(value: Any, least: int = 0, most: int | None = None) -> int:
    """In seconds. ``1h30m`` and 5400 are the same."""
    number = _whole(value)
    if number is None and isinstance(value, str) and value.strip():
        found = DURATION.fullmatch(value.strip())
        number = sum(int(part) * unit for part, unit in zip(found.groups("0"), UNITS, strict=True)) if found else None
    if number is None:
        raise BluegreenError(
            f"{quoted(value)} is not a duration. Give seconds, or a duration such as 90s, 15m, 2h, 1d or 1h30m."
        )
    return _bounded(number, least, YEAR if most is None else most, value, described_duration)


def read_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in WORDS:
        raise BluegreenError(f"{quoted(value)} is neither true nor false.")
    return WORDS[word]


def read_number(value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(value)
        if not isfinite(number):
            raise ValueError
        return number
    except (OverflowError, TypeError, ValueError):
        raise BluegreenError(f"{quoted(value)} is not a number.") from None


def read_moment(value: Any) -> str:
    """As text in ISO 8601; YAML makes a datetime of it where it has no quotes."""
    text = value.isoformat() if isinstance(value, datetime) else value
    try:
        return aware(text.strip()).isoformat()
    except (AttributeError, ValueError):
        raise BluegreenError(f"{quoted(value)} is not a date and time in ISO 8601 with its offset from UTC.") from None


def read_list(value: Any, parse_yaml: ParseYaml = no_yaml) -> list[Any]:
    """Text is JSON, YAML, lines, or parts between commas."""
    found = _structure(value, parse_yaml) if isinstance(value, str) else value
    if isinstance(found, str):
        found = [part.strip() for part in SEPARATORS.split(found) if part.strip()]
    if isinstance(found, Mapping) or not isinstance(found, Sequence):
        raise BluegreenError(f"{quoted(value)} is not a list.")
    return list(found)


def read_mapping(value: Any, parse_yaml: ParseYaml = no_yaml) -> dict[str, Any]:
    """Text is JSON or YAML."""
    found = _structure(value, parse_yaml) if isinstance(value, str) else value
    if not isinstance(found, Mapping):
        raise BluegreenError(f"{quoted(value)} is not a mapping.")
    return dict(found)


def read_names(value: Any, parse_yaml: ParseYaml = no_yaml) -> list[str]:
    names = [read_text(each) for each in read_list(value, parse_yaml)]
    if "" in names:
        raise BluegreenError(f"{quoted(value)} has an empty name in it.")
    if isinstance(value, str) and not SEPARATORS.sub("", value).strip():
        raise BluegreenError(f"{quoted(value)} has no name in it.")
    return names


def _structure(text: str, parse_yaml: ParseYaml) -> Any:
    """The list or mapping that the text stands for; the text itself where it is neither."""
    stripped = text.strip()
    try:
        found = json.loads(stripped)
    except (ValueError, RecursionError):
        try:
            found = parse_yaml(stripped)
        except ValueError as error:
            if stripped[:1] in ("[", "{"):
                raise BluegreenError(f"{quoted(text)} is neither JSON nor YAML.") from error
            found = stripped
    check_plain(found)
    return found if isinstance(found, Mapping | list) else stripped


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        text = value.strip()
        return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _bounded(number: int, least: int, most: int | None, value: Any, described: Callable[[int], str] = str) -> int:
    if number < least or (most is not None and number > most):
        bounds = f"{described(least)} or more" if most is None else f"from {described(least)} to {described(most)}"
        raise BluegreenError(f"{quoted(value)} is out of bounds: it must be {bounds}.")
    return number
