# SPDX-License-Identifier: GPL-3.0-or-later
"""Forks a process per instance from one warm interpreter, passes behavior changes on, and reports starts and ends.

Single-threaded and without an event loop, because it forks. Each instance holds one end of a socket pair: what it
writes says that it accepts connections, and end-of-file says that it is gone, however it ended.
"""

import ctypes
import json
import os
import selectors
import signal
import socket
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .app import Instance, run
from .behavior import Behavior

PR_SET_PDEATHSIG = 1
SIGNALS = {"TERM": signal.SIGTERM, "KILL": signal.SIGKILL, "STOP": signal.SIGSTOP, "CONT": signal.SIGCONT}


@dataclass(frozen=True)
class Child:
    id: str
    life: int
    pid: int
    socket: socket.socket


def main(line: socket.socket, speed: float) -> None:
    Zygote(line, speed).serve()


class Zygote:
    def __init__(self, line: socket.socket, speed: float) -> None:
        self._line = line
        self._speed = speed
        self._children: dict[str, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def serve(self) -> None:
        """Until the line ends; then every instance is killed (a stopped one would not notice anything milder)."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the lab ends us in its own order
        self._selector.register(self._line, selectors.EVENT_READ)
        pending = b""
        while True:
            for key, _events in self._selector.select():
                if isinstance(key.data, Child):
                    self._hear(key.data)
                    continue
                chunk = self._read()
                if not chunk:
                    self._kill_all()
                    return
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))

    def _read(self) -> bytes:
        try:
            return self._line.recv(1 << 20)
        except ConnectionResetError:  # the lab was killed before it had heard everything
            return b""

    def _obey(self, message: dict[str, Any]) -> None:
        if message["op"] == "run":
            self._fork(message)
            return
        child = self._children.get(message["id"])
        if child is None:  # its end and this line crossed on the way
            return
        if message["op"] == "kill":
            os.kill(child.pid, SIGNALS[message["signal"]])
        elif message["op"] == "behavior":
            changes = {name: value for name, value in message.items() if name not in ("op", "id")}
            with suppress(ConnectionError):  # it has just ended, and its end-of-file is about to be heard
                child.socket.send(json.dumps(changes).encode())

    def _fork(self, message: dict[str, Any]) -> None:
        """An instance that starts again takes the address over from the process of its last life."""
        if last := self._children.get(message["id"]):
            self._bury(last)
        behavior = Behavior().changed(message["behavior"])
        instance = Instance(message["id"], message["host"], tuple(message["ports"]), behavior)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            inherited = [self._line, ours, *(child.socket for child in self._children.values())]
            self._become(instance, theirs, inherited, parent)
        theirs.close()
        child = Child(instance.id, message["life"], pid, ours)
        self._children[instance.id] = child
        self._selector.register(ours, selectors.EVENT_READ, child)

    def _become(self, instance: Instance, ours: socket.socket, inherited: list[socket.socket], parent: int) -> None:
        """In the fork: live as the instance, and never return into the zygote's loop."""
        code = 1
        try:
            self._libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() == parent:  # else the zygote died before the line above could take effect
                self._selector.close()
                run(instance, self._speed, ours, inherited)
                code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _hear(self, child: Child) -> None:
        if self._children.get(child.id) is not child:  # buried since it was selected
            return
        try:
            message = child.socket.recv(64)
        except ConnectionResetError:  # it was killed with a change of behavior unread
            message = b""
        if message:
            self._say({"op": "running", "id": child.id, "life": child.life, "pid": child.pid})
            return
        self._bury(child)

    def _bury(self, child: Child) -> None:
        """It has ended, or was killed just now."""
        self._selector.unregister(child.socket)
        child.socket.close()
        del self._children[child.id]
        _pid, status = os.waitpid(child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        self._say({"op": "exited", "id": child.id, "life": child.life, "code": code})

    def _kill_all(self) -> None:
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)

    def _say(self, message: dict[str, Any]) -> None:
        self._line.sendall(json.dumps(message).encode() + b"\n")
