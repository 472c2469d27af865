# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release would be built on: each part read when it is first asked for, and once, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Lock
from typing import Any, Generic, TypeVar

from ..._aws.group import autoscaling
from ..._aws.launch import ec2
from ..._core.base.errors import BluegreenError
from ..._core.definition.service import Definition
from ..._core.group.clone_checks import check_source
from ..._core.group.first import described, launch_data
from ..._core.launch.instance_types import chooses_by_attributes, types_of
from ..._core.launch.parameters import is_parameter
from ..._core.launch.sources import check_launchable, template_of, templates_of
from ..._core.launch.template_changes import changes, live_versions
from ..._core.release.bring_up import ROLL
from ..._core.release.intent import Intent
from ..._core.service.group import Group
from ..base.run import Run
from ..group.drift import read_drift
from ..launch.images import read_image
from ..launch.templates import find_versions, read_launch_data

T = TypeVar("T")


class Once(Generic[T]):
    """One answer for all who ask, or one error; those who ask meanwhile wait for it."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read, self._lock = read, Lock()
        self._future: Future[T] | None = None

    def __call__(self) -> T:
        with self._lock:
            if mine := self._future is None:
                self._future = Future()
            future = self._future
        if mine:
            try:
                future.set_result(self._read())
            except Exception as error:  # whichever: those who wait would wait for ever; result() raises it for each
                future.set_exception(error)
        return future.result()


class Source:
    """The image, the group to build from or to make, and what it launches."""

    def __init__(
        self, run: Run, definition: Definition, intent: Intent, image: Mapping[str, Any] | None = None
    ) -> None:
        """``image``: where it was read already."""
        self.service, self.bring_up, self._run = intent.service, intent.bring_up, run
        self._image_id, self._known_image = definition.candidate.image_id, image
        self.image = Once(self._read_image)
        self.group = Once(self._read_group)
        self.launched = Once(self._read_launched)
        self.types = Once(self._read_types)
        self.changes = Once(self._read_changes)

    def _read_image(self) -> Mapping[str, Any]:
        """One that a service stays on is not what the rule has found."""
        known = self._known_image
        if known and known["ImageId"] == self._image_id:
            return known
        return read_image(self._run, self._image_id)

    def _read_group(self) -> Mapping[str, Any]:
        name = str(self.bring_up.source)
        if self.bring_up.first_group:
            return described(name, self.bring_up.first_group)
        known = self._find_known()
        if known and self.bring_up.kind == ROLL:
            return known.described  # its size does not matter
        if known:
            return check_source(name, known.described)
        found = autoscaling.describe_groups(self._run.client("autoscaling"), names=[name])
        return check_source(name, next(iter(found), None))

    def _find_known(self) -> Group | None:
        """The source, where it is one of the service's groups, which were read just now."""
        groups = [each.group for each in self.service.environments.values()] if self.service else []
        return next((each for each in groups if each and each.name == self.bring_up.source and each.described), None)

    def _read_launched(self) -> Mapping[str, Any]:
        """The launch template data, or the launch configuration."""
        if self.bring_up.first_group:
            return launch_data(self.bring_up.first_group)
        group, known = self.group(), self._find_known()
        data = known.launched if known else read_launch_data(self._run, [group])[group["AutoScalingGroupName"]]
        check_launchable(group, [] if data else templates_of(group)[:1])
        return data

    def live_image_id(self) -> str | None:
        """None where it is not known: AWS decides at each launch which one a parameter means."""
        known, launched = self._find_known(), self.launched().get("ImageId")
        return (known.image_id if known else None) if is_parameter(launched) else launched

    def _read_types(self) -> list[dict[str, Any]]:
        """An error for a group whose types are not known, because AWS picks them at each launch."""
        if chooses_by_attributes(self.group(), self.launched()):
            raise BluegreenError(
                f"Whether an image fits {self.bring_up.source}, and its vCPUs: AWS chooses its instance types by "
                "attributes."
            )
        return ec2.describe_instance_types(self._run.client("ec2"), types_of(self.group(), self.launched()))

    def _read_changes(self) -> list[dict[str, Any]]:
        return [*self._changes_of_versions(), *self._drift()]

    def _changes_of_versions(self) -> list[dict[str, Any]]:
        """An instance shows the version that it was launched from; the group may name another one by now."""
        group = self.group()
        ref, live = template_of(group), live_versions(group)
        if ref is None or not live:
            return []
        return changes(group, find_versions(self._run, ref.id, {ref.version, *live}))

    def _drift(self) -> list[dict[str, Any]]:
        """How a candidate that is there differs from stable: the release takes it as it is."""
        if self.bring_up.creates_group:
            return []
        pairs = self.service.pairs if self.service else {}
        return read_drift(self._run, self.group(), self.launched(), self.image(), str(self.bring_up.candidate), pairs)
