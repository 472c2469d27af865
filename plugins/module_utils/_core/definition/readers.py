# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the value of each kind of variable is read: from what a person wrote to plain data that modules take."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import chain
from typing import Any

from ..base.end_states import FAILING
from ..base.errors import BluegreenError
from ..group.first import described
from ..group.names import check_group_name, next_group_name
from ..group.tag_limits import check_release
from ..launch.templates import MOST_USER_DATA
from ..safety.return_role import check_role_arn
from ..service.freeze import parse_freeze
from ..service.override import EXPECTED, Override
from ..service.windows import parse_windows
from ..store.address import Address
from . import values
from .hooks import HOOKS, find_hook_problems
from .readers_image import IMAGE, read_image_rule
from .readers_notify import read_notify
from .readers_routes import read_new_test_route, read_routes, read_target_groups, read_test_route
from .readers_traffic import read_checks, read_mark, read_metrics, read_strategy
from .values import CheckFile, ParseYaml, no_yaml, quoted
from .variable import Variable

REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")  # as botocore's partitions.json describes them
LONG_AGO = datetime.min.replace(tzinfo=UTC)
NOTHING = "nothing"  # what is said for an empty list
OVERRIDES = ("reason", "allow")
KEY = re.compile(r"^\s*(\w+)\s*:", re.MULTILINE)
NO_REASONS = {*values.WORDS, "none", "null", "~"}


@dataclass(frozen=True)
class Help:
    """What reading needs of the world outside: how YAML is parsed, and whether a hook's file can be run, and a file of
    certificates be read."""

    parse_yaml: ParseYaml = no_yaml
    check_hook: CheckFile = lambda _path: None
    check_authorities: CheckFile = lambda _path: None


def read_value(variable: Variable, given: Any, aid: Help) -> Any:
    """The value, or an error that says what is wrong with it and what is expected."""
    values.check_plain(given)
    return READERS[variable.kind](variable, given, aid)


def _text(variable: Variable, given: Any, _aid: Help) -> str:
    check = TEXTS.get(variable.key)
    text = values.read_text(given)
    if check:
        check(text)
    return str(given) if variable.key == "user_data" else text  # blanks at its ends may mean something


def _check_service(name: str) -> None:
    for color in ("blue", "green"):
        check_group_name(next_group_name(name, color, []))


def _check_region(name: str) -> None:
    if not REGION.fullmatch(name):
        raise BluegreenError(f"{quoted(name)} is not the name of a region, such as eu-west-1.")


def _check_user_data(text: str) -> None:
    size = len(text.encode())
    if size > MOST_USER_DATA:
        raise BluegreenError(f"It has {size} bytes, and AWS accepts at most {MOST_USER_DATA}.")


def _check_freeze_reason(text: str) -> None:
    parse_freeze(text, None, None, LONG_AGO)


def _check_freeze_by(text: str) -> None:
    parse_freeze("a reason", text, None, LONG_AGO)


TEXTS: Mapping[str, Callable[[str], None]] = {
    "service": _check_service,
    "region": _check_region,
    "release": check_release,
    "user_data": _check_user_data,
    "freeze_reason": _check_freeze_reason,
    "freeze_by": _check_freeze_by,
    "return_role": check_role_arn,
}


def _image(_variable: Variable, given: Any, _aid: Help) -> str:
    text = values.read_text(given)
    if not IMAGE.fullmatch(text):
        raise BluegreenError(f"{quoted(given)} is not the ID of an image (AMI).")
    return text


def _store(_variable: Variable, given: Any, _aid: Help) -> str:
    return str(Address.parse(values.read_text(given)))


def _end_states(_variable: Variable, given: Any, aid: Help) -> list[str]:
    names = values.read_names(given, aid.parse_yaml)
    if NOTHING in names and len(names) > 1:
        raise BluegreenError(
            f"{quoted(given)} has {NOTHING} together with other end states. Set it alone, or leave it out."
        )
    return [values.read_choice(each, (*FAILING, NOTHING)) for each in names if each != NOTHING]


def _percents(variable: Variable, given: Any, aid: Help) -> list[int]:
    listed = [given] if isinstance(given, int) else values.read_list(given, aid.parse_yaml)
    percents = [values.read_percent(each, variable.least, variable.most) for each in listed]
    if percents != sorted(set(percents)):
        raise BluegreenError(f"{quoted(given)} must rise from one to the next.")
    return percents


def _group(_variable: Variable, given: Any, aid: Help) -> dict[str, Any]:
    """The definition of a first group. Errors show none of its values: the user data in it may be secret."""
    parts = ("launch_template", "autoscaling_group")
    try:
        definition = values.read_mapping(given, aid.parse_yaml)
    except BluegreenError:
        raise BluegreenError(f"It is not a mapping with {' and '.join(parts)}.") from None
    if not definition:
        return {}
    problems = [f"There is no {key}; known are {' and '.join(parts)}." for key in definition if key not in parts]
    problems += [f"{part} must be a mapping." for part in parts if not isinstance(definition.get(part), Mapping)]
    if problems:
        raise BluegreenError(" ".join(problems))
    try:
        described("first", definition)
        is_encoded = _is_encoded(definition["launch_template"].get("user_data"))
    except (AttributeError, TypeError, ValueError):
        raise BluegreenError("An option in it has a wrong type.") from None
    if not is_encoded:
        raise BluegreenError(
            "The user_data of its launch_template is not encoded with Base64. Use the filter b64encode, or set "
            "bluegreen_user_data, which is plain text."
        )
    return definition


def _is_encoded(user_data: Any) -> bool:
    """EC2 takes nothing else (UserData of RequestLaunchTemplateData in its API reference)."""
    try:
        b64decode("".join((user_data or "").split()), validate=True)
    except BinasciiError:
        return False
    return True


def _windows(_variable: Variable, given: Any, aid: Help) -> list[dict[str, Any]]:
    windows = [_window(each) for each in values.read_list(given, aid.parse_yaml)]
    parse_windows(windows)
    return windows


def _window(given: Any) -> Any:
    if isinstance(given, Mapping) and isinstance(given.get("days"), str):
        return {**given, "days": [day.lower() for day in values.read_list(given["days"])]}
    return given


def _override(_variable: Variable, given: Any, aid: Help) -> Any:
    """Text is a reason, unless it was meant as a mapping, a list or a word: that would pass more gates than meant."""
    said = given.strip() if isinstance(given, str) else given
    if isinstance(said, str):
        if said.startswith("{") or any(
            get_close_matches(key.lower(), OVERRIDES, cutoff=0.8) for key in KEY.findall(said)
        ):
            said = values.read_mapping(said, aid.parse_yaml)
        elif said.lower() in NO_REASONS or (said.startswith("[") and said.endswith("]")):
            raise BluegreenError(f"{quoted(said)} is no reason. {EXPECTED}")
    Override.parse(said)
    return said


def _hooks(_variable: Variable, given: Any, aid: Help) -> dict[str, str]:
    """The error knows the hooks with which nothing is wrong: a return runs its own, whatever is wrong with another."""
    paths = {name: path for name, path in values.read_mapping(given, aid.parse_yaml).items() if path not in (None, "")}
    hooks = {name: str(path) for name, path in paths.items()}
    problems = {name: found for name, path in hooks.items() if (found := _hook_problems(name, path, aid))}
    if problems:
        sound = {name: path for name, path in hooks.items() if name not in problems}
        raise BluegreenError(" ".join(chain.from_iterable(problems.values())), sound=sound)
    return hooks


def _hook_problems(name: str, path: str, aid: Help) -> list[str]:
    problems = find_hook_problems(name, path)
    if name not in HOOKS:
        near = values.nearest(name, HOOKS)
        return problems + [f"Did you mean {near} instead of {name}?"] * bool(near)
    if not problems and (problem := aid.check_hook(path)):
        problems.append(f"Hook {name}: {problem}")
    return problems


READERS: Mapping[str, Callable[[Variable, Any, Help], Any]] = {
    "text": _text,
    "choice": lambda variable, given, _aid: values.read_choice(given, variable.choices),
    "image": _image,
    "image_rule": lambda _variable, given, aid: read_image_rule(given, aid.parse_yaml),
    "store": _store,
    "moment": lambda _variable, given, _aid: values.read_moment(given),
    "whole": lambda variable, given, _aid: values.read_whole(given, variable.least, variable.most),
    "percent": lambda variable, given, _aid: values.read_percent(given, variable.least, variable.most),
    "duration": lambda variable, given, _aid: values.read_duration(given, variable.least, variable.most),
    "names": lambda _variable, given, aid: values.read_names(given, aid.parse_yaml),
    "end_states": _end_states,
    "percents": _percents,
    "routes": lambda _variable, given, aid: read_routes(given, aid.parse_yaml),
    "target_groups": lambda _variable, given, aid: read_target_groups(given, aid.parse_yaml),
    "test_route": lambda _variable, given, aid: read_test_route(given, aid.parse_yaml, aid.check_authorities),
    "new_test_route": lambda _variable, given, aid: read_new_test_route(given, aid.parse_yaml),
    "group": _group,
    "checks": lambda _variable, given, aid: read_checks(given, aid.parse_yaml),
    "metrics": lambda _variable, given, aid: read_metrics(given, aid.parse_yaml),
    "mark": lambda _variable, given, aid: read_mark(given, aid.parse_yaml),
    "strategy": lambda _variable, given, aid: read_strategy(given, aid.parse_yaml),
    "windows": _windows,
    "override": _override,
    "notify": lambda _variable, given, aid: read_notify(given, aid.parse_yaml),
    "hooks": _hooks,
}
