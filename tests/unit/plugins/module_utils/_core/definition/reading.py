# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads definitions as the controller does, but for the files of hooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.finding import Finding
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import Values, parse
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.readers import Help
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.service import Definition

from tests.unit.plugins.module_utils._core.definition.described import SERVICE


def parse_yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def check_hook(path: str) -> str | None:
    return f"there is no file {path}." if path.startswith("/nonexistent") else None


def read(
    given: Mapping[str, Any], work: str = "deploy", unreadable: Mapping[str, str] | None = None
) -> tuple[Values, list[Finding]]:
    """A service with nothing wrong, but for what is given. A rule for its image is given instead of the ID."""
    instead = {"bluegreen_image_id": ""} if given.get("bluegreen_image") else {}
    return parse(
        {**SERVICE, **instead, **given},
        work,
        service="web",
        user="alex",
        aid=Help(parse_yaml, check_hook),
        unreadable=unreadable,
    )


def define(work: str = "deploy", **given: Any) -> Definition:
    """The same service with nothing wrong; variables by their names without the prefix."""
    values, findings = read({f"bluegreen_{name}": value for name, value in given.items()}, work)
    assert findings == []
    return Definition.read(values)
