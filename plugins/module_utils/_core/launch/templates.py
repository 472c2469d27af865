# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch template versions: the one that a group launches from, and the same with what a release brings."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ..base.errors import BluegreenError

LATEST, DEFAULT = "$Latest", "$Default"
MOST_USER_DATA = 16384  # bytes, before they are encoded (RequestLaunchTemplateData in the EC2 API reference)

Version = Mapping[str, Any]  # as DescribeLaunchTemplateVersions returns it
Data = Mapping[str, Any]  # launch template data, as returned or as requested: the same except for what AWS only returns


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
class Contents:
    """What a release brings. ``user_data`` is encoded; None keeps the source's."""

    image_id: str
    root_device: str | None
    user_data: str | None = None

    def data(self) -> dict[str, Any]:
        return {"ImageId": self.image_id, **({} if self.user_data is None else {"UserData": self.user_data})}


@dataclass(frozen=True)
class Revision:
    """A version with the release's contents: number ``found``, or one to be made of ``data`` over version ``over``.

    The launch template of a launch configuration has no ``id`` until it is made, and its versions are over none.
    """

    template_id: str | None
    template_name: str
    over: int | None
    data: Data
    found: int | None

    def reference(self) -> dict[str, Any]:
        """What the clone is given: always a number, None while there is none."""
        version = str(self.found) if self.found else None
        return {"LaunchTemplateId": self.template_id, "Version": version}


def security_groups_of(data: Data) -> list[str]:
    """IDs, of a launch configuration also names."""
    interfaces = data.get("NetworkInterfaces", [])
    direct = [*data.get("SecurityGroupIds", []), *data.get("SecurityGroups", [])]
    return [*direct, *(each for interface in interfaces for each in interface.get("Groups", []))]


def encoded(user_data: str | None) -> str | None:
    """As launch templates have it; nothing and an empty text are the same."""
    if not user_data:
        return None
    plain = user_data.encode()
    if len(plain) > MOST_USER_DATA:
        raise BluegreenError(f"The user data is {len(plain)} bytes long; AWS accepts at most {MOST_USER_DATA}.")
    return b64encode(plain).decode()


def fingerprint(user_data: str | None) -> str:
    """Identifies encoded user data without showing it, as it may hold secrets; empty for none."""
    return sha256(b64decode(user_data)).hexdigest() if user_data else ""


def check_unchanged(user_data: str | None, planned: str) -> None:
    """Refuse encoded user data that is not what was planned, which is known by its fingerprint."""
    if fingerprint(user_data) != planned:
        raise BluegreenError(
            "user_data has changed since the release was planned. Give it a value that stays the same during a run, "
            "then run again."
        )


def pick(versions: Sequence[Version], wanted: str) -> Version | None:
    """The version that ``wanted`` means, among those that AWS answered when it was asked for that one (and others);
    None when it does not exist.

    An answer does not say which of its versions was meant by ``$Latest``: no other can have a higher number.
    """
    if wanted == LATEST:
        return max(versions, key=lambda version: version["VersionNumber"], default=None)
    if wanted == DEFAULT:
        return next((version for version in versions if version["DefaultVersion"]), None)
    return next((version for version in versions if version["VersionNumber"] == int(wanted)), None)


def revise(template_id: str, source: Version, contents: Contents, versions: Sequence[Version]) -> Revision:
    """``source`` with the release's contents, among ``versions`` or to be made."""
    data = source["LaunchTemplateData"]
    unchanged = find_version(data, contents, [source])  # a source that has the contents already is not moved
    found = unchanged or find_version(data, contents, versions)
    return Revision(template_id, source["LaunchTemplateName"], source["VersionNumber"], revised(data, contents), found)


def revised(source: Data, contents: Contents) -> dict[str, Any]:
    """The data to put over ``source``, so that only the contents change.

    A new version inherits what its request leaves out, except the snapshots in block device mappings, which are
    dropped unless they are said again (SourceVersion of CreateLaunchTemplateVersion): a data volume would come up
    empty. The root volume's snapshot is the image's own.
    """
    mappings = _comparable(source, contents).get("BlockDeviceMappings", [])
    with_snapshots = any("SnapshotId" in mapping.get("Ebs", {}) for mapping in mappings)
    return {**contents.data(), **({"BlockDeviceMappings": mappings} if with_snapshots else {})}


def whole(source: Data, contents: Contents) -> dict[str, Any]:
    """All the data of a version that is ``source`` with the contents."""
    return {**_comparable(source, contents), **contents.data()}


def find_version(source: Data, contents: Contents, versions: Sequence[Version]) -> int | None:
    """The newest version that is already what would be made of ``source``."""
    wanted = whole(source, contents)
    same = [each for each in versions if _comparable(each["LaunchTemplateData"], contents) == wanted]
    return max((int(each["VersionNumber"]) for each in same), default=None)


def _comparable(data: Data, contents: Contents) -> dict[str, Any]:
    """Without the old image's own snapshot, and without what AWS returns about its progress."""
    found = dict(data)
    if "BlockDeviceMappings" in found:
        found["BlockDeviceMappings"] = [
            _without_snapshot(mapping) if mapping.get("DeviceName") == contents.root_device else mapping
            for mapping in found["BlockDeviceMappings"]
        ]
    if "MetadataOptions" in found:
        found["MetadataOptions"] = {key: value for key, value in found["MetadataOptions"].items() if key != "State"}
    return found


def _without_snapshot(mapping: Mapping[str, Any]) -> dict[str, Any]:
    if "Ebs" not in mapping:
        return dict(mapping)
    return {**mapping, "Ebs": {key: value for key, value in mapping["Ebs"].items() if key != "SnapshotId"}}
