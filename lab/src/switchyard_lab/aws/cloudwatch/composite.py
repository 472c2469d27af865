# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule of a composite alarm: ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA(c)), TRUE, FALSE.

Operators bind as in Python (NOT, then AND, then OR), so Python's parser reads the rule once its words are Python's.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
        (?P<state>ALARM|OK|INSUFFICIENT_DATA) \s* \( \s* (?:"(?P<quoted>[^"]+)"|(?P<bare>[^\s"()]+)) \s* \)
      | (?P<word>AND|OR|NOT|TRUE|FALSE)\b
      | (?P<parenthesis>[()])
    )\s*""",
    re.VERBOSE,
)
PYTHON = {"AND": "and", "OR": "or", "NOT": "not", "TRUE": "True", "FALSE": "False"}

# What else Python makes of such words, as () or TRUE(TRUE), is no rule.
NODES = (ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Constant, ast.Name, ast.Load)


class RuleError(ValueError):
    """The rule cannot be read."""


@dataclass(frozen=True)
class Rule:
    """A rule that has been read. Its tree holds a name for each function, `functions` what it asks: (state, alarm)."""

    functions: tuple[tuple[str, str], ...]
    tree: ast.expr

    @property
    def children(self) -> tuple[str, ...]:
        """The names of the alarms that the rule asks for, each once."""
        return tuple(dict.fromkeys(alarm for _state, alarm in self.functions))

    def holds(self, states: Mapping[str, str]) -> bool:
        """Whether the rule is true. An alarm that is not in `states` does not exist and is in no state."""
        return self._true(self.tree, states)

    def _true(self, node: ast.expr, states: Mapping[str, str]) -> bool:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(self._true(part, states) for part in parts)
            case ast.BoolOp(op=ast.Or(), values=parts):
                return any(self._true(part, states) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._true(operand, states)
            case ast.Constant(value=bool() as value):
                return value
            case ast.Name(id=name):
                state, alarm = self.functions[int(name.removeprefix("_"))]
                return states.get(alarm) == state
        raise AssertionError(f"no token makes {ast.dump(node)}")


def parse(text: str) -> Rule:
    functions: list[tuple[str, str]] = []
    words: list[str] = []
    position = 0
    while position < len(text):
        token = TOKEN.match(text, position)
        if not token:
            raise RuleError(f"AlarmRule is not a valid expression at character {position}: {text}")
        position = token.end()
        if state := token["state"]:
            words.append(f"_{len(functions)}")
            # An ARN ends with the name: arn:aws:cloudwatch:region:account:alarm:name.
            functions.append((state, (token["quoted"] or token["bare"]).split(":alarm:", 1)[-1]))
        else:
            words.append(PYTHON.get(token["word"], token["parenthesis"]))
    try:
        tree = ast.parse(" ".join(words), mode="eval").body
    except SyntaxError:
        tree = None
    if tree is None or not all(isinstance(node, NODES) for node in ast.walk(tree)):
        raise RuleError(f"AlarmRule is not a valid expression: {text}")
    return Rule(tuple(functions), tree)
