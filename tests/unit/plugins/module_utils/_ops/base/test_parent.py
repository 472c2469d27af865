# SPDX-License-Identifier: GPL-3.0-or-later
"""A task whose controller was killed sends nothing more, also in the middle of a call that botocore tries again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.parent import OrphanError, Parent

COLLECTION = "ansible_collections.switchyard.bluegreen.plugins.module_utils"
CONTROLLER = "import subprocess, sys; subprocess.run([sys.executable, '-c', *sys.argv[1:]])"
TASK = f"""
import sys
from {COLLECTION}._aws.base.session import Clients
from {COLLECTION}._aws.traffic.elbv2 import modify_listener
from {COLLECTION}._core.base.errors import BluegreenError
from {COLLECTION}._ops.base.parent import Parent

keys = {{"access_key": "a", "secret_key": "s", "region": "eu-west-1", "endpoint_url": sys.argv[1]}}
try:
    modify_listener(Clients(keys, Parent().check)("elbv2"), "arn", [])
    print("changed")
except BluegreenError as error:
    print(error)
"""

KILLED_AT_ONCE = f"""
import os, signal, time
from multiprocessing import get_context
from {COLLECTION}._ops.base.parent import OrphanError, Parent, controller

ansible_playbook = os.getpid()

def task():
    while os.getppid() == ansible_playbook:
        time.sleep(0.01)
    try:
        Parent(pid=controller()).check()
        print("changes", flush=True)
    except OrphanError as error:
        print(error, flush=True)

get_context("fork").Process(target=task).start()
os.kill(ansible_playbook, signal.SIGKILL)
"""


class Aws(ThreadingHTTPServer):
    """Answers the first request with an error that is tried again. ``before_answer`` is called before that."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.operations: list[str] = []
        self.before_answer: Callable[[], object] = lambda: None


class Answer(BaseHTTPRequestHandler):
    server: Aws

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.operations += parse_qs(asked)["Action"]
        is_first = len(self.server.operations) == 1
        if is_first:
            self.server.before_answer()
        body = b"" if is_first else b"<ModifyListenerResponse><ModifyListenerResult/></ModifyListenerResponse>"
        self.send_response(500 if is_first else 200)
        self.send_header("x-amzn-RequestId", "1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_line: object) -> None:
        pass


@pytest.fixture
def aws() -> Iterator[Aws]:
    with Aws() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def controller(aws: Aws) -> Iterator[subprocess.Popen[str]]:
    """A process that waits for a task of its own, and what the task says at its end."""
    endpoint = f"http://127.0.0.1:{aws.server_port}"
    command = [sys.executable, "-c", CONTROLLER, TASK, endpoint]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process


def said_by(task_of: subprocess.Popen[str]) -> str:
    """Until it has ended, also when its controller has ended before."""
    assert task_of.stdout
    return task_of.stdout.read().strip()


def test_a_write_that_fails_is_sent_again_as_long_as_the_controller_lives(aws: Aws) -> None:
    with controller(aws) as process:
        assert said_by(process) == "changed"
    assert aws.operations == ["ModifyListener", "ModifyListener"]


def test_once_the_controller_is_killed_nothing_more_is_sent(aws: Aws) -> None:
    with controller(aws) as process:

        def kill() -> None:
            process.kill()
            process.wait()

        aws.before_answer = kill
        assert said_by(process) == "ansible-playbook has ended, so this task stops without another call."
    assert aws.operations == ["ModifyListener"]


def test_a_task_whose_controller_was_killed_before_it_looked_sends_nothing() -> None:
    """What the system makes the parent of an orphan is no controller."""
    done = subprocess.run([sys.executable, "-c", KILLED_AT_ONCE], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "ansible-playbook has ended, so this task stops without another call."


def test_a_controller_that_is_seen_elsewhere_counts_as_well() -> None:
    """A module in a process of its own outlives no parent: that is the task's process, which lives on."""
    Parent(lambda: True).check()
    with pytest.raises(OrphanError, match="ansible-playbook has ended"):
        Parent(lambda: False).check()
