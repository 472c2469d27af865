# SPDX-License-Identifier: GPL-3.0-or-later
"""The two child processes that carry the lab's traffic, and what they say."""

import itertools
import threading
from collections.abc import Callable

from switchyard_lab import address
from switchyard_lab.dataplane import child as dataplane
from switchyard_lab.instances import zygote
from switchyard_lab.processes.children import Child, Message
from switchyard_lab.processes.forks import FORKS

SPEED = 10
"""Timers of the lab run this much faster: a check interval of 5 s takes half a second."""
DEADLINE_SECONDS = 15.0


class Heard:
    """What children said, to wait on."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._news = threading.Condition()

    def hear(self, message: Message) -> None:
        with self._news:
            self.messages.append(message)
            self._news.notify_all()

    def wait(self, wanted: Callable[[Message], bool], since: int = 0) -> Message:
        with self._news:
            found = self._news.wait_for(lambda: next(filter(wanted, self.messages[since:]), None), DEADLINE_SECONDS)
        assert found, f"not heard of; the last words: {self.messages[-5:]}"
        return found


class Children:
    """Both processes, on a net of their own; shared by the tests of a session."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.net = address.claim()
        self.instances = Child(FORKS, zygote.main, SPEED)
        self.dataplane = Child(FORKS, dataplane.main, SPEED)
        for child in (self.instances, self.dataplane):
            child.listen(self.heard.hear)
        self.heard.wait(lambda message: message["op"] == "ready")
        self.numbers = itertools.count(1)
        self.generations = itertools.count(1)

    def end(self) -> None:
        """The claim on the net ends with the tests' own process."""
        self.dataplane.close()
        self.instances.close()
