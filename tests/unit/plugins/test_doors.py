# SPDX-License-Identifier: GPL-3.0-or-later
"""An error that nothing has translated is a sentence wherever it leaves the collection."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible.module_utils.testing import patch_module_args
from ansible_collections.switchyard.bluegreen.plugins.action.http_check import ActionModule
from ansible_collections.switchyard.bluegreen.plugins.filter.closed_gates import closed_gates
from ansible_collections.switchyard.bluegreen.plugins.filter.release_page import release_page
from ansible_collections.switchyard.bluegreen.plugins.filter.status_table import status_table
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.checks.verify import CheckingOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.arns import account_of
from ansible_collections.switchyard.bluegreen.plugins.module_utils._module import run_module

from tests.in_process import in_process

OPTIONS = {"url": "http://127.0.0.1:9", "headers": {"X-Token": "s3cr3t"}}
SENTENCE = (
    r"There was an unexpected IndexError \(list index out of range\) in plugins/module_utils/_core/base/arns\.py, line "
    r"\d+\. This is a fault of switchyard\.bluegreen: please report it"
)


def broken(_options: Any, _run: Any) -> dict[str, Any]:
    return {"msg": account_of("s3cr3t")}


def quoting(options: Any, _run: Any) -> dict[str, Any]:
    raise ValueError(options.headers["X-Token"])


def module(work: Any, verbosity: int, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    with patch_module_args({**OPTIONS, "_ansible_verbosity": verbosity}), pytest.raises(SystemExit):
        run_module(CheckingOptions, work)
    return dict(json.loads(capsys.readouterr().out))


def test_of_a_module(capsys: pytest.CaptureFixture[str]) -> None:
    result = module(broken, 0, capsys)
    assert result["failed"]
    assert re.match(SENTENCE, result["msg"])
    assert "exception" not in result
    assert "account_of" in module(broken, 3, capsys)["exception"]


def test_of_a_module_inside_the_controller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionModule, "work", staticmethod(broken))
    result = in_process("http_check", OPTIONS, check=False)
    assert result["failed"]
    assert re.match(SENTENCE, result["msg"])


def test_of_what_an_action_plugin_does_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionModule, "given", lambda _self, _variables: account_of("s3cr3t"))
    assert re.match(SENTENCE, in_process("http_check", OPTIONS, check=False)["msg"])


def test_it_quotes_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    result = module(quoting, 3, capsys)
    assert result["msg"].startswith("There was an unexpected ValueError in plugins/")
    assert "s3cr3t" not in json.dumps(result)


@pytest.mark.parametrize("given", [None, [], 5, "text", {}, {"environments": 5}, {"service": {}}])
def test_of_a_filter(given: Any) -> None:
    for read, name in ((status_table, "status_table"), (release_page, "release_page")):
        with pytest.raises(AnsibleFilterError, match=f"^{name} takes a "):
            read(given)
    with pytest.raises(AnsibleFilterError, match=r"^closed_gates"):
        closed_gates(given, given)
