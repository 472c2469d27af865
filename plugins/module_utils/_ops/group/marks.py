# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks an environment's Auto Scaling group, and takes a mark back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._args.base.options import given
from ..._args.group.marks import MarkOptions
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import tags_of
from ..._core.base.timestamps import utc
from ..._core.group.marks import KEYS, Marks, tag_for
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..targets.members import require_group


def environment_mark(options: MarkOptions, run: Run) -> dict[str, Any]:
    """The work of module environment_mark. A mark that is there with the same reason keeps its time."""
    name, mark, key = options.group, options.mark, KEYS[options.mark]
    group = require_group(run, name)
    if is_being_deleted(group):
        raise BluegreenError(f"{name} is being deleted, so it cannot be marked.")
    before = tags_of(group)
    after = {each: value for each, value in before.items() if each != key}
    if options.state == "present":
        after |= tag_for(mark, given(options.value), utc(int(run.clock.now())))
        if _said(before, mark) == _said(after, mark):
            after = before
    if after != before and not run.check_mode:
        _write(run, name, key, after)
    return {
        "changed": after != before,
        **Marks.read(after).as_data(),
        "diff": {"before": Marks.read(before).as_data(), "after": Marks.read(after).as_data()},
    }


def _said(tags: Mapping[str, str], mark: str) -> str | None:
    """What the mark says, without its time."""
    said = getattr(Marks.read(tags), mark)
    return getattr(said, "reason", said)


def _write(run: Run, name: str, key: str, after: Mapping[str, str]) -> None:
    client = run.client("autoscaling")
    if key in after:
        when_free(run, partial(autoscaling.tag_group, client, name, {key: after[key]}))
    else:
        when_free(run, partial(autoscaling.untag_group, client, name, [key]))
