# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a rule that finds an image is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..base.errors import BluegreenError
from . import values
from .shapes import read_shape
from .shapes_known import IMAGE_RULE
from .values import ParseYaml, quoted

IMAGE = re.compile(r"ami-[A-Za-z0-9_-]+")
# The owners that DescribeImages takes, as well as accounts ("Owners" in the API reference of Amazon EC2).
ALIASES = ("self", "amazon", "aws-marketplace", "aws-backup-vault")
ACCOUNT = re.compile(r"[0-9]{12}")
OF_IMAGES = ("name", "owners", "tags", "newest")  # what has no meaning for a parameter, which names one image


def read_image_rule(given: Any, parse_yaml: ParseYaml) -> dict[str, Any]:
    """Without the keys that were not given."""
    if isinstance(given, str) and IMAGE.fullmatch(given.strip()):
        raise BluegreenError(f"{quoted(given)} is the ID of an image. Set bluegreen_image_id to it instead.")
    said = read_shape(IMAGE_RULE, values.read_mapping(given, parse_yaml))
    rule = {key: value for key, value in said.items() if value not in (None, "", {}, [], False)}
    if problems := list(_problems(rule)):
        raise BluegreenError(" ".join(problems))
    return {**rule, "tags": {str(key): str(value) for key, value in rule["tags"].items()}} if "tags" in rule else rule


def _problems(rule: Mapping[str, Any]) -> Iterator[str]:
    if not {"ssm", "name", "tags", "release_tag"} & set(rule):
        yield "It needs ssm, or at least one of name, tags and release_tag."
    without = [key for key in OF_IMAGES if key in rule]
    if "ssm" in rule and without:
        yield f"The parameter that ssm names holds one image, so {', '.join(without)} cannot go with it."
    for owner in rule.get("owners", []):
        if owner not in ALIASES and not ACCOUNT.fullmatch(owner):
            yield f"{quoted(owner)} is no owner: give {', '.join(ALIASES)}, or the 12 digits of an account in quotes."
    for key, value in rule.get("tags", {}).items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            yield f"The tag {key} is {quoted(value)}, which is not text. Write the value in quotes, as in {key}: 'yes'."
