# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch template versions: the one that a group launches from, and the same with another image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LATEST, DEFAULT = "$Latest", "$Default"

Version = Mapping[str, Any]  # as DescribeLaunchTemplateVersions returns it


@dataclass(frozen=True)
class TemplateRef:
    """What a group says it launches from. ``version`` is a number, or ``$Latest`` or ``$Default``."""

    id: str
    version: str

    @classmethod
    def read(cls, specification: Mapping[str, Any]) -> TemplateRef:
        """AWS takes the default version when none is named (LaunchTemplateSpecification in the API reference)."""
        return cls(specification["LaunchTemplateId"], specification.get("Version") or DEFAULT)


@dataclass(frozen=True)
class Image:
    id: str
    root_device: str | None


@dataclass(frozen=True)
class Revision:
    """``source`` with another image: the version ``found`` that is so already, or one that is to be made."""

    template: TemplateRef
    template_name: str
    source: Version
    image: Image
    found: Version | None

    @property
    def moves_latest(self) -> bool:
        """Whether the source would go over to the new image with its next launch."""
        return self.found is None and self.template.version == LATEST

    def data(self) -> dict[str, Any]:
        return revised(self.source, self.image)

    def reference(self) -> dict[str, Any]:
        """What the clone is given: always a number, None while there is none."""
        return {
            "LaunchTemplateId": self.template.id,
            "Version": str(self.found["VersionNumber"]) if self.found else None,
        }

    def warnings(self, group: str) -> list[str]:
        if not self.moves_latest:
            return []
        number = self.source["VersionNumber"]
        return [
            f"{group} follows {LATEST} of launch template {self.template_name}, which is about to be the new image's "
            f"version. {group} is set to version {number}, so that it goes on launching what it launches now."
        ]


def template_of(group: Mapping[str, Any]) -> TemplateRef | None:
    """A group's launch template, also that of a mixed instances policy; None with a launch configuration."""
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    template = group.get("LaunchTemplate") or mixed
    return TemplateRef.read(template) if template else None


def pick(versions: Sequence[Version], wanted: str) -> Version:
    """The version that ``wanted`` means, among those that AWS answered when it was asked for that one (and others).

    An answer does not say which of its versions was meant by ``$Latest``: no other can have a higher number.
    """
    if wanted == LATEST:
        return max(versions, key=lambda version: version["VersionNumber"])
    if wanted == DEFAULT:
        return next(version for version in versions if version["DefaultVersion"])
    return next(version for version in versions if version["VersionNumber"] == int(wanted))


def revised(source: Version, image: Image) -> dict[str, Any]:
    """The launch template data to put over ``source``, so that nothing but the image changes.

    A new version inherits what its request leaves out, except the snapshots in block device mappings, which are
    dropped unless they are said again (SourceVersion of CreateLaunchTemplateVersion): a data volume would come up
    empty. The root volume's snapshot is the image's own.
    """
    mappings = _data(source, image).get("BlockDeviceMappings", [])
    with_snapshots = any("SnapshotId" in mapping.get("Ebs", {}) for mapping in mappings)
    return {"ImageId": image.id, **({"BlockDeviceMappings": mappings} if with_snapshots else {})}


def find_revision(source: Version, image: Image, versions: Sequence[Version]) -> Version | None:
    """The newest version that is already what :func:`revised` would make of ``source``."""
    wanted = {**_data(source, image), "ImageId": image.id}
    same = [version for version in versions if _data(version, image) == wanted]
    return max(same, key=lambda version: version["VersionNumber"], default=None)


def _data(version: Version, image: Image) -> dict[str, Any]:
    data = dict(version["LaunchTemplateData"])
    if "BlockDeviceMappings" in data:
        data["BlockDeviceMappings"] = [
            _without_snapshot(mapping) if mapping.get("DeviceName") == image.root_device else mapping
            for mapping in data["BlockDeviceMappings"]
        ]
    return data


def _without_snapshot(mapping: Mapping[str, Any]) -> dict[str, Any]:
    if "Ebs" not in mapping:
        return dict(mapping)
    return {**mapping, "Ebs": {key: value for key, value in mapping["Ebs"].items() if key != "SnapshotId"}}
