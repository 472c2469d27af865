# SPDX-License-Identifier: GPL-3.0-or-later
"""A module in a process of its own, with its options on standard input as Ansible hands them over.

The process is forked from one that has imported what every module imports: to do that again for each of some hundred
questions would take longer than all the rest.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout, suppress
from importlib import import_module
from typing import Any

from tests.forks import FORKS

MODULES = "ansible_collections.switchyard.bluegreen.plugins.modules"


def own_process(module: str, options: Mapping[str, Any], *, check: bool) -> dict[str, Any]:
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
    with ProcessPoolExecutor(1, FORKS) as pool:
        answer = json.loads(pool.submit(_run, module, arguments, dict(os.environ)).result())
    reported = [summary["event"]["msg"] for summary in answer.get("warnings", [])]  # as ansible-core hands them on
    return {"changed": False, **answer, "warnings": reported}


def _run(module: str, arguments: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module]  # pytest's would be taken for a file of arguments
    sys.stdin = io.TextIOWrapper(io.BytesIO(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()))
    with redirect_stdout(io.StringIO()) as output, suppress(SystemExit):
        import_module(f"{MODULES}.{module}").main()
    return output.getvalue()
