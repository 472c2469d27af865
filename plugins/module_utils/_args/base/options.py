# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module takes, said once: a frozen dataclass, from which AnsibleModule's argument_spec is made.

The type of a field is the type of its option: ``str``, ``int``, ``float``, ``bool``; ``Any`` is raw; a Mapping is a
dict, a Sequence a list; ``Literal`` lists choices; another class of options is a dict with options of its own. A field
without a default is required; one that may be None has no default.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, ClassVar, Literal, Self, TypeVar, Union, get_args, get_origin, get_type_hints

from ..._core.base.errors import BluegreenError

T = TypeVar("T")
Color = Literal["blue", "green"]

LONGEST = 100  # digits of a number; Ansible accepts thousands, which Python refuses to write as text
HINTS: dict[type, dict[str, Any]] = {}  # by class, read once: Python takes milliseconds for it
PLAIN = {str: "str", int: "int", float: "float", bool: "bool", Any: "raw"}


def option(default: Any = MISSING, *, hidden: bool = False, **spec: Any) -> Any:
    """A field whose option has more to it than its type says, such as ``no_log``.

    What is ``hidden`` is left out where a module repeats its options, as Ansible does at -vvv. Unlike ``no_log``, it
    touches nothing else: not each "1" and "true" in the result because a header has such a value.
    """
    return field(default=default, metadata={"spec": spec, "hidden": hidden})  # pylint: disable=invalid-field-call


@dataclass(frozen=True, kw_only=True)
class Options:
    """A class of options says at its head which of them go together, as AnsibleModule's arguments of these names.

    With ``aws`` the options of amazon.aws's fragments come along, and clients can be made from them. Without
    ``needs_sdk``, most of the work is done where there is no AWS SDK as well.
    """

    rules: ClassVar[Mapping[str, Any]] = {}
    aws: ClassVar[bool] = True
    needs_sdk: ClassVar[bool] = True

    def __init_subclass__(cls, *, aws: bool = True, needs_sdk: bool = True, **rules: Any) -> None:
        cls.rules, cls.aws, cls.needs_sdk = {**cls.rules, **rules}, aws, needs_sdk

    @classmethod
    def argument_spec(cls) -> dict[str, Any]:
        return {each.name: _option(each, hint) for each, hint in _hinted(cls)}

    @classmethod
    def hidden(cls) -> set[str]:
        return {each.name for each in fields(cls) if each.metadata.get("hidden")}

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Options out of what AnsibleModule has checked and completed. Further keys, such as credentials, are left
        out."""
        for name, value in given.items():
            _refuse_endless(name, value)
        return cls(**{each.name: _value(hint, given[each.name]) for each, hint in _hinted(cls) if each.name in given})


@dataclass(frozen=True, kw_only=True)
class OfService(Options):
    """Which service a task is about (the doc fragment service)."""

    service: str
    target_groups: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Routed(Options):
    """What splits its traffic: ARNs, and mappings for DNS records (the doc fragment routes)."""

    routes: Sequence[Any]


def given(value: T | None) -> T:
    """An option that its module's rules require where it is asked for."""
    if value is None:
        raise TypeError("An option is missing that the rules of its module should require.")
    return value


def _hinted(cls: type[Options]) -> list[tuple[Field[Any], Any]]:
    """Each field with its type, None left out of it."""
    if cls not in HINTS:
        HINTS[cls] = get_type_hints(cls)
    return [(each, _without_none(HINTS[cls][each.name])) for each in fields(cls)]


def _option(each: Field[Any], hint: Any) -> dict[str, Any]:
    spec = {**_type(hint), **each.metadata.get("spec", {})}
    default = each.default if each.default_factory is MISSING else each.default_factory()
    if default is MISSING:
        return {**spec, "required": True}
    if default is None:
        return spec
    return {**spec, "default": list(default) if isinstance(default, tuple) else default}


def _type(hint: Any) -> dict[str, Any]:
    origin = get_origin(hint)
    if origin is Literal:
        return {"type": "str", "choices": list(get_args(hint))}
    if origin is Sequence:
        (each,) = get_args(hint)
        return {"type": "list", **{_of_list(key): value for key, value in _type(each).items()}}
    if origin is Mapping:
        return {"type": "dict"}
    if isinstance(hint, type) and issubclass(hint, Options):
        return {"type": "dict", "options": hint.argument_spec(), **hint.rules}
    return {"type": PLAIN[hint]}


def _of_list(key: str) -> str:
    return "elements" if key == "type" else key


def _refuse_endless(name: str, given: Any) -> None:
    """A number, also in mappings and lists."""
    if isinstance(given, int) and abs(given) >= 10**LONGEST:
        raise BluegreenError(f"{name} has a number of more than {LONGEST} digits.")
    inner = given.values() if isinstance(given, Mapping) else given if isinstance(given, list) else []
    for each in inner:
        _refuse_endless(name, each)


def _value(hint: Any, given: Any) -> Any:
    if given is None:
        return None
    if isinstance(hint, type) and issubclass(hint, Options):
        return hint.read(given)
    if get_origin(hint) is Sequence:
        (each,) = get_args(hint)
        return [_value(each, item) for item in given]
    return given


def _without_none(hint: Any) -> Any:
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    (kind,) = (each for each in get_args(hint) if each is not type(None))
    return kind
