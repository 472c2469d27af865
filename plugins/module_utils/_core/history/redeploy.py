# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ran before, where no environment is left to return to, and the command that deploys it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence

from .outcome import Outcome, Version, find_previous_version

PLAIN = re.compile(r"[\w.:/+@-]+")


def redeploy(outcomes: Sequence[Outcome], present: Version, command: str) -> str:
    """A sentence. ``command`` deploys the service but for its image; empty where it is not known."""
    previous = find_previous_version(outcomes, present)
    if previous is None:
        return "Deploy the previous image instead."
    line = f": {command} {arguments(previous)}" if command else "."
    return f"Deploy the previous image instead, {previous}{line}"


def arguments(version: Version) -> str:
    """For ansible-playbook. What is not plain text would be split, so it is JSON."""
    said = {"bluegreen_image_id": version.image_id}
    if version.release != version.image_id:
        said["bluegreen_release"] = version.release
    if all(map(PLAIN.fullmatch, said.values())):
        return " ".join(f"-e {name}={value}" for name, value in said.items())
    return f"-e {shlex.quote(json.dumps(said, ensure_ascii=False))}"
