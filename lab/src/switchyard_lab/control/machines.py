# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2 instances as moto knows them, and the processes that they are in the lab."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.models.instances import Instance

from ..processes.children import Message
from .instance_faults import InstanceFault

APP_PORT = 8080
LOOPBACK = "127."

Send = Callable[[Message], None]


@dataclass
class Machine:
    """One instance's process."""

    instance: Instance
    life: int  # an instance that is stopped and started again has another process, and another life
    image_behavior: dict[str, Any]
    fault_behavior: dict[str, Any] = field(default_factory=dict)
    pid: int | None = None
    booted: bool = False

    @property
    def behavior(self) -> dict[str, Any]:
        return self.image_behavior | self.fault_behavior

    def as_data(self) -> dict[str, Any]:
        return {
            "pid": self.pid,
            "address": self.instance.private_ip,
            "image_id": self.instance.image_id,
            "state": "running" if self.pid else "booted" if self.booted else "booting",
        }


class Machines:
    """Runs a process for each running instance, and ends it with the instance."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._machines: dict[str, Machine] = {}
        self._lives = itertools.count(1)
        self._initialized: set[str] = set()  # instances that have booted once

    def step(self, instances: Iterable[Instance], ports: Iterable[int]) -> None:
        wanted_ports = sorted({APP_PORT, *ports})
        running = {instance.id: instance for instance in instances if _has_body(instance)}
        for instance_id in self._machines.keys() - running.keys():
            self._send({"op": "kill", "id": instance_id, "signal": "KILL"})
            del self._machines[instance_id]
        for instance_id, instance in running.items():
            if instance_id in self._machines:
                self._follow_image(self._machines[instance_id])
            else:
                self._run(instance, wanted_ports)

    def hear(self, message: Message) -> None:
        """A process that ended by itself leaves its instance as it is: EC2 does not look inside."""
        machine = self._machines.get(message["id"])
        if machine is None or machine.life != message["life"]:
            return
        machine.booted = True
        machine.pid = message["pid"] if message["op"] == "running" else None
        if machine.pid:
            self._initialized.add(message["id"])

    def apply(self, instance_id: str, fault: InstanceFault) -> None:
        machine = self._machines[instance_id]
        if fault.heals:
            machine.fault_behavior = {}
        machine.fault_behavior |= fault.behavior
        if fault.signal:
            self._send({"op": "kill", "id": instance_id, "signal": fault.signal})
        self._send({"op": "behavior", "id": instance_id, **machine.behavior})

    @property
    def booted(self) -> set[str]:
        return {instance_id for instance_id, machine in self._machines.items() if machine.booted}

    @property
    def all(self) -> dict[str, Machine]:
        return dict(self._machines)

    def as_data(self) -> dict[str, dict[str, Any]]:
        return {instance_id: machine.as_data() for instance_id, machine in self._machines.items()}

    def _run(self, instance: Instance, ports: list[int]) -> None:
        """The boot time of an image is for what is done at the first boot; a stopped instance has that behind it."""
        machine = Machine(instance, next(self._lives), behavior_of_image(instance))
        self._machines[instance.id] = machine
        again = {"boot_seconds": 0.0} if instance.id in self._initialized else {}
        self._send(
            {
                "op": "run",
                "id": instance.id,
                "life": machine.life,
                "host": instance.private_ip,
                "ports": ports,
                "behavior": machine.behavior | again,
            }
        )

    def _follow_image(self, machine: Machine) -> None:
        """New tags on an image change what its instances do at once."""
        behavior = behavior_of_image(machine.instance)
        if behavior != machine.image_behavior:
            machine.image_behavior = behavior
            self._send({"op": "behavior", "id": machine.instance.id, **machine.behavior})


def behavior_of_image(instance: Instance) -> dict[str, Any]:
    """The `lab:…` tags of the instance's image."""
    tags = instance.ec2_backend.tags.get(instance.image_id, {})
    return {
        "release": tags.get("lab:release", instance.image_id),
        "error_percent": float(tags.get("lab:error-percent", 0)),
        "hang_percent": float(tags.get("lab:hang-percent", 0)),
        "reset_percent": float(tags.get("lab:reset-percent", 0)),
        "noise_percent": float(tags.get("lab:noise-percent", 0)),
        "latency_ms": float(tags.get("lab:latency-ms", 0)),
        "error_path": tags.get("lab:error-path", ""),
        "requests_per_second": float(tags.get("lab:requests-per-second", 0)),
        "tls_port": int(tags.get("lab:tls-port", 0)),
        "http2_port": int(tags.get("lab:http2-port", 0)),
        "crash_seconds": float(tags.get("lab:crash-seconds", 0)),
        "health": tags.get("lab:health", "ok"),
        "boot_seconds": float(tags.get("lab:boot-seconds", 0)),
    }


def _has_body(instance: Instance) -> bool:
    return instance.state == "running" and (instance.private_ip or "").startswith(LOOPBACK)
