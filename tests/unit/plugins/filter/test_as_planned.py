# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

PLAIN = "#!/bin/sh\nexport PASSWORD=hunter2\n"


def evaluated(user_data: str, digest: str, **variables: Any) -> Any:
    template = trust_as_template(f"{{{{ {user_data} | b64encode | switchyard.bluegreen.as_planned(digest) }}}}")
    return Templar(DataLoader(), {"digest": digest, **variables}).template(template)


def test_what_was_planned_is_returned() -> None:
    assert evaluated("plain", sha256(PLAIN.encode()).hexdigest(), plain=PLAIN) == b64encode(PLAIN.encode()).decode()
    assert evaluated("''", "") == ""


@pytest.mark.parametrize("planned", ["", sha256(b"what a lookup returned at first").hexdigest()])
def test_what_has_changed_is_refused_and_not_shown(planned: str) -> None:
    with pytest.raises(AnsibleError, match="user_data has changed since the release was planned") as caught:
        evaluated("plain", planned, plain=PLAIN)
    assert "hunter2" not in str(caught.value)


def test_what_is_used_is_what_was_compared() -> None:
    """A lookup that returns another value each time is evaluated once."""
    values, digest = count(), sha256(b"0").hexdigest()
    assert evaluated("next()", digest, next=lambda: str(next(values))) == "MA=="
