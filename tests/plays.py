# SPDX-License-Identifier: GPL-3.0-or-later
"""``ansible-playbook``, forked from a process that has imported what every play imports.

That takes two seconds of a processor, which is as long as a short play. Benchmarks start the command itself: a spawned
process imports their main program first, and with it Ansible, before its settings are made.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.journal import AT_ONCE
from tests.playing import ASKED

ACTIONS = "ansible_collections.switchyard.bluegreen.plugins.action"


def forked(arguments: Sequence[str], environment: Mapping[str, str], timeout: float) -> tuple[int, str, str]:
    """The exit code, the output and the errors."""
    return controller().submit(_play, arguments, dict(environment), timeout).result()


@cache
def controller() -> ProcessPoolExecutor:
    """It lives as long as this process, and is no fork of it, for it may have imported the lab. More are started when
    plays are to run at once, up to two for each lab: with fewer, a play that its lab holds until the other one has
    called would wait for one that waits for a process."""
    return ProcessPoolExecutor(2 * AT_ONCE, multiprocessing.get_context("spawn"), _import_all)


def _import_all() -> None:
    os.environ.update(ASKED)  # Ansible reads its settings when it is imported
    from ansible.plugins import loader

    loader.init_plugin_loader()
    warnings.filterwarnings("ignore", "AnsibleCollectionFinder has already been configured")
    for kind in ("filter", "test", "callback", "connection", "shell", "become"):
        list(getattr(loader, f"{kind}_loader").all(class_only=True))
    for module in (
        "ansible.cli.playbook",
        "ansible.executor.playbook_executor",
        "ansible.plugins.strategy.host_pinned",
    ):
        import_module(module)
    for path in Path(import_module(ACTIONS).__path__[0]).glob("[!_]*.py"):
        import_module(f"{ACTIONS}.{path.stem}")
    gc.freeze()  # forks share what is not collected


def _play(arguments: Sequence[str], environment: Mapping[str, str], timeout: float) -> tuple[int, str, str]:
    with TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("out", "err")]
        process = multiprocessing.get_context("fork").Process(target=run, args=(arguments, environment, files))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"ansible-playbook {arguments[0]} did not end within {timeout} s")
        return process.exitcode, *(file.read_text(encoding="utf-8") for file in files)


def run(arguments: Sequence[str], environment: Mapping[str, str], files: Sequence[Path]) -> None:
    """In a fork: what it says goes to the two files."""
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, file in enumerate(files, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["ansible-playbook", *arguments]
    import_module("ansible.cli.playbook").main(sys.argv)
