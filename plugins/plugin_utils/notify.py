# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the tasks of a service notify, by its variable."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ansible.errors import AnsibleValueOmittedError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.display import Display

from ..module_utils._core.base.untagged import untagged
from ..module_utils._core.definition.readers import Help, read_value
from ..module_utils._core.definition.values import is_unset
from ..module_utils._core.definition.variables import BY_NAME
from .definition import parse_yaml

NOTIFY = "bluegreen_notify"


def notify_of(variables: Mapping[str, Any], templar: Templar, loader: DataLoader) -> dict[str, Any]:
    """The option of that name. It has secrets, so no plan hands it on: each task that sends something reads it.

    A release with a malformed one is refused. What returns traffic continues without it.
    """
    try:
        given = untagged(templar.template(variables.get(NOTIFY)))
        if is_unset(given):
            return {}
        return {"notify": read_value(BY_NAME[NOTIFY], given, Help(partial(parse_yaml, loader)))}
    except AnsibleValueOmittedError:
        return {}
    except Exception:  # a lookup can fail in any way, and its error may quote a secret
        Display().warning(f"{NOTIFY} cannot be read, so nothing is sent. plan.yml shows what is wrong with it.")
        return {}
