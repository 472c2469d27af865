# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluates variables of a task, each by itself and once, so that one that fails takes no other with it."""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from ansible.errors import AnsibleValueOmittedError
from ansible.template import Templar

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MARKERS = ("{{", "{%")


class Evaluation:
    """``values`` of the variables that were found, and for the others the ``errors``.

    What a variable refers to is evaluated before it, and stays as it was: a lookup that answers otherwise the next time
    changes nothing. So it is with the variables of this evaluation, and with any template that several of them use.
    """

    def __init__(self, templar: Templar, variables: dict[str, Any], names: Iterable[str]) -> None:
        self.values: dict[str, Any] = {}
        self.errors: dict[str, Exception] = {}
        self._given = variables
        self._known: dict[str, Any] = {}
        self._visited: set[str] = set()
        self._templar = templar.copy_with_new_env(available_variables=ChainMap(self._known, variables))
        wanted = [name for name in names if name in variables]
        self._shared = self._find_shared(wanted)
        for name in wanted:
            self._evaluate(name)
        self.values |= {name: self._known[name] for name in wanted if name in self._known}
        self.errors = {name: self.errors[name] for name in wanted if name in self.errors}

    def _evaluate(self, name: str) -> None:
        if name in self._visited:
            return
        self._visited.add(name)
        try:
            for other in sorted(self._reach(name) & self._shared):
                self._evaluate(other)
            self._known[name] = self._templar.template(self._given[name])
        except AnsibleValueOmittedError:
            return
        except Exception as error:  # a lookup can fail in any way
            self.errors[name] = error

    def _find_shared(self, wanted: list[str]) -> set[str]:
        """What may be evaluated before it is used: what is wanted, and single templates that several of these use."""
        uses = Counter(other for name in wanted for other in self._reach(name))
        return {*wanted, *(name for name, count in uses.items() if count > 1 and self._is_single(name))}

    def _is_single(self, name: str) -> bool:
        with suppress(Exception):
            return _is_template(self._given[name])
        return False

    def _reach(self, name: str) -> set[str]:
        """Everything that a variable refers to, over however many others."""
        found: set[str] = set()
        left = [name]
        while left:
            new = self._references(left.pop()) - found
            found |= new
            left += new
        return found

    def _references(self, name: str) -> set[str]:
        """The variables that the templates in a variable name, or seem to."""
        found: set[str] = set()
        with suppress(Exception):  # where variables are evaluated as they are checked, this is reported when it is used
            for text in filter(_is_template, _texts(self._given[name])):
                found |= {each for each in IDENTIFIER.findall(text) if each in self._given}
        return found


def _is_template(value: Any) -> bool:
    return isinstance(value, str) and any(marker in value for marker in MARKERS)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
