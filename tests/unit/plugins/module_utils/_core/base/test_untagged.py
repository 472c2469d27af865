# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible.template import trust_as_template
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.untagged import untagged


class Tagged(int):
    """As ansible-core tags numbers: a subclass."""


def test_options_become_what_json_has() -> None:
    tagged = {trust_as_template("key"): [trust_as_template("text"), Tagged(1), True, None, 1.5, ("a",)]}
    assert untagged(tagged) == {"key": ["text", 1, True, None, 1.5, ["a"]]}
    kinds = [type(item) for item in untagged(tagged)["key"]]
    assert kinds == [str, int, bool, type(None), float, list]
    assert json.dumps(untagged(tagged))
