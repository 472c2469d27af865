# SPDX-License-Identifier: GPL-3.0-or-later
"""The control loop: what the API's state asks for becomes processes and traffic, what they do becomes the API's state.

One lock holds everything together: an API call and a step of the loop never overlap.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from typing import Any, cast

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends

from ..aws.autoscaling import group_metrics
from ..aws.autoscaling.backend import LabAutoScaling
from ..aws.autoscaling.group import LabGroup
from ..aws.cloudwatch import backend as cloudwatch
from ..aws.cloudwatch import usage_metrics
from ..aws.cloudwatch.elb_reports import Reports
from ..aws.ec2.backend import LabEC2
from ..aws.elbv2.backend import LabELBv2
from ..aws.elbv2.targets import LabTargetGroup, TargetHealth, TargetKey
from ..aws.route53.backend import LabRoute53
from ..clock import Clock
from ..dataplane import child as dataplane
from ..dns import reading
from ..dns.view import View
from ..instances import zygote
from ..processes.children import Child, Message
from ..settings import REGION, Settings
from . import configuration
from .machines import Machines
from .propagation import Propagation

FORKS = multiprocessing.get_context("fork")  # of a process that has no thread yet: it is the lab's first deed
TICK_SECONDS = 0.1
EVALUATION_SECONDS = 0.5


class Control:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.lock = threading.RLock()
        self._clock = clock
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._evaluated = 0.0
        self._metered = 0.0
        self.names = View()
        self._awaited: set[TargetKey] = set()  # targets of which the data plane has not said anything yet
        self._zygote = Child(FORKS, zygote.main, settings.speed)
        self._data_plane = Child(FORKS, dataplane.main, settings.speed)
        self.machines = Machines(self._zygote.send)
        self._reports = Reports(clock, settings.metric_lag)
        self._propagation = Propagation(clock, settings.propagation_ms / 1000, self._data_plane.send)
        self._zygote.listen(self._hear_zygote)
        self._data_plane.listen(self._hear_data_plane)
        self._thread = threading.Thread(target=self._loop, name="control")
        self._thread.start()

    @property
    def pids(self) -> list[int]:
        machines = [machine.pid for machine in self.machines.all.values() if machine.pid]
        return [os.getpid(), self._zygote.pid, self._data_plane.pid, *machines]

    def load_balancers(self) -> dict[str, dict[str, Any]]:
        return {
            balancer.name: {"dns": balancer.dns_name, "ports": [int(each.port) for each in balancer.listeners.values()]}
            for backend in _elbv2()
            for balancer in backend.load_balancers.values()
        }

    def check(self) -> None:
        """A lab whose loop has ended would answer, and nothing would ever happen."""
        if not self._thread.is_alive():
            raise RuntimeError("the lab's control loop has ended; its traceback is on standard error")

    def changed(self) -> None:
        """After a call that may have changed something: tell the data plane now, and let the loop act soon."""
        self._publish()
        self._wake.set()

    def close(self) -> None:
        self._ended.set()
        self._wake.set()
        self._thread.join()
        self._zygote.close()
        self._data_plane.close()

    # -- from state to processes and traffic

    def _loop(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()
            with self.lock:
                self._step()

    def _step(self) -> None:
        for _account, _region, backend in autoscaling_backends.iter_backends():
            cast(LabAutoScaling, backend).step(self.machines.booted)
        self._step_machines()
        self._publish()
        self._propagation.send_due()
        if self._clock.now() >= self._evaluated + EVALUATION_SECONDS:
            self._evaluated = self._clock.now()
            self._reports.publish_due(cloudwatch.backend(REGION).store)
            cloudwatch.evaluate(self._evaluated)
        if self._clock.passed(self._metered, usage_metrics.PERIOD_SECONDS):
            self._metered = self._clock.now()
            self._publish_usage()

    def _publish_usage(self) -> None:
        for account, region, ec2 in ec2_backends.iter_backends():
            store = cloudwatch.backend(region, account).store
            usage_metrics.publish(store, self._metered, cast(LabEC2, ec2).instances.values())
        for account, region, autoscaling in autoscaling_backends.iter_backends():
            store = cloudwatch.backend(region, account).store
            for group in cast(LabAutoScaling, autoscaling).autoscaling_groups.values():
                group_metrics.publish(store, self._metered, cast(LabGroup, group))

    def _step_machines(self) -> None:
        groups = [cast(LabTargetGroup, group) for backend in _elbv2() for group in backend.target_groups.values()]
        ports = {port for group in groups for port in group.ports}
        backends = [cast(LabEC2, backend) for _account, _region, backend in ec2_backends.iter_backends()]
        self.machines.step([instance for backend in backends for instance in backend.instances.values()], ports)

    def _publish(self) -> None:
        """Nothing is known of a target that the data plane begins to look after, until it says `initial` itself."""
        self.names = reading.read(_route53(), _elbv2())
        before, now = self._propagation.latest, configuration.read(_elbv2())
        if now == before:
            return
        for key in set(configuration.checked_targets(now)) - set(configuration.checked_targets(before)):
            self._awaited.add(key)
            if group := _group(key.group):
                group.health.pop(key, None)
        self._propagation.publish(now)

    # -- from processes and traffic to state

    def _hear_zygote(self, message: Message) -> None:
        with self.lock:
            self.machines.hear(message)
        self._wake.set()

    def _hear_data_plane(self, message: Message) -> None:
        with self.lock:
            match message["op"]:
                case "health":
                    self._note_health(message)
                case "drained":
                    self._note_drained(message)
                case "metrics":
                    self._reports.take(message)
                    self._reports.publish_due(cloudwatch.backend(REGION).store)
        self._wake.set()

    def _note_health(self, message: Message) -> None:
        key = TargetKey(message["group"], message["id"], message["port"])
        group = _group(key.group)
        if group is None or key not in group.targets:
            return  # said before the data plane heard of the end
        if key in self._awaited and message["state"] != "initial":
            return  # about an earlier registration of the same target
        self._awaited.discard(key)
        group.health[key] = TargetHealth(message["state"], message.get("reason"), message.get("description"))

    def _note_drained(self, message: Message) -> None:
        if group := _group(message["group"]):
            group.drained(TargetKey(message["group"], message["id"], message["port"]))


def _elbv2() -> Iterator[LabELBv2]:
    for _account, _region, backend in elbv2_backends.iter_backends():
        yield cast(LabELBv2, backend)


def _route53() -> Iterator[LabRoute53]:
    for _account, _partition, backend in route53_backends.iter_backends():
        yield cast(LabRoute53, backend)


def _group(arn: str) -> LabTargetGroup | None:
    for backend in _elbv2():
        if arn in backend.target_groups:
            return cast(LabTargetGroup, backend.target_groups[arn])
    return None
