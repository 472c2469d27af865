# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what is documented about the variables of a service: the reference page, and role bluegreen, the contract.

Run as ``python -m tests.docs.variables``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variable import KINDS, Variable
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import GROUPS, OTHERS

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"`([^`]+)`")
SPDX = "# SPDX-License-Identifier: GPL-3.0-or-later\n---\n"

INTRODUCTION = """\
# Variables of a service

A service is an inventory host, and these variables describe it. They are read once, at the beginning of a run. If
something is wrong with them, the run reports every problem together and changes nothing. A variable that begins with
`bluegreen_` and is not listed here is refused.

This page is written by `make variables`.

## Values as text

Surveys and `-e name=value` give text. It means the same as the value that it stands for:

| kind | text | means |
| --- | --- | --- |
| any | nothing, or only blanks | the variable is not set |
| duration | `90s`, `15m`, `2h`, `1d`, `1h30m`, `900` | seconds; also within steps and metrics |
| percent | `10`, `10%` | 10 |
| list of names | `a, b`, one name a line, `["a", "b"]` | `[a, b]` |
| list, mapping | JSON or YAML | the list or mapping |
| strategy | `canary`, `10,50,100` | the strategy of this name, the steps with these weights |
| target groups | `{"blue": "web-blue", "green": "web-green"}` | the mapping |

`rollback.yml`, `status.yml`, `unfreeze.yml` and `history.yml` read only the variables that they use. They do not refuse
a value that they cannot read, except for `bluegreen_service`, `bluegreen_routes` and `bluegreen_target_groups`. They
warn and use its default.
"""

OTHER_VARIABLES = """\
## Other variables

These are not part of the definition of a service.

| variable | what it is |
| --- | --- |
"""

README = """\
# bluegreen

The contract: the variables that describe a service, with their types, defaults and texts. The role has no tasks. Its
entry point `service` documents the variables for `ansible-doc -t role switchyard.bluegreen.bluegreen`, and
[docs/variables.md](../../docs/variables.md) lists them with examples.

The variables have no defaults in this role, so that a variable that nobody sets stays unset. The defaults that are
documented apply when the definition of the service is read.

This role is written by `make variables`.
"""

SHORT = "Describe a service"
DESCRIPTION = (
    "Lists the variables that describe a service. They are set for a host, and read once when a run begins.",
    "Ansible does not validate this entry point: surveys and C(-e) give text, read as docs/variables.md says.",
)


def page() -> str:
    """docs/variables.md."""
    parts = [INTRODUCTION, *(_section(title, variables) for title, variables in GROUPS.items())]
    rows = "".join(f"| `{name}` | {text} |\n" for name, text in OTHERS.items())
    rows += "| `bluegreen_outcome_…` | Exported by each playbook: how it has ended for one service. |\n"
    return "\n".join([*parts, OTHER_VARIABLES + rows])


def _section(title: str, variables: tuple[Variable, ...]) -> str:
    head = f"## {title}\n\n| variable | type | default | what it is | example |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(map(_row, variables))


def _row(variable: Variable) -> str:
    secret = " Its value is not shown." if variable.secret else ""
    default = variable.said or _code(variable.described_default)
    cells = (
        _code(variable.name),
        variable.described_kind,
        default,
        _escaped(variable.text) + secret,
        _code(_escaped(variable.example)),
    )
    return f"| {' | '.join(cells)} |\n"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def specs() -> str:
    """roles/bluegreen/meta/argument_specs.yml."""
    options = {variable.name: _option(variable) for variables in GROUPS.values() for variable in variables}
    service = {"short_description": SHORT, "description": list(DESCRIPTION), "options": options}
    return SPDX + yaml.dump(
        {"argument_specs": {"service": service}}, Dumper=_Dumper, sort_keys=False, width=112, allow_unicode=True
    )


def _option(variable: Variable) -> dict[str, Any]:
    kind, elements, _called = KINDS[variable.kind]
    required = variable.said == "required"
    obvious = required or variable.said.startswith("no ")
    said = f" By default: {variable.said}." if variable.said and not obvious else ""
    description = _markup(variable.text + said)
    option: dict[str, Any] = {"description": description}
    if kind != "str":  # Ansible's own default
        option["type"] = kind
    if elements:
        option["elements"] = elements
    if variable.choices:
        option["choices"] = _Flow(variable.choices)
    if required:
        option["required"] = True
    elif not variable.said and variable.default is not None:
        option["default"] = variable.described_default if variable.kind == "duration" else variable.default
    if variable.secret:
        option["no_log"] = True
    return option


def _markup(text: str) -> str:
    """Ansible's markup for what stands in backticks."""
    return CODE.sub(r"C(\1)", text)


class _Flow(list[str]):
    """A list that stands on one line."""


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their keys, as in the other files."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 (yaml's)
        super().increase_indent(flow, False)


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def files() -> dict[Path, str]:
    return {
        ROOT / "docs/variables.md": page(),
        ROOT / "roles/bluegreen/README.md": README,
        ROOT / "roles/bluegreen/meta/argument_specs.yml": specs(),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
