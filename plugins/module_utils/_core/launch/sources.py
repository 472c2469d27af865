# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group launches from: one launch template, or the several of a mixed instances policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.errors import BluegreenError
from ..base.fields import carried
from .templates import LATEST, Revision, TemplateRef

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it
Specification = Mapping[str, Any]

FIELDS = {"LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy"}  # a group has one of them


def specification_of(group: Group) -> Specification:
    """The launch template that a group names, or that its overrides are over; empty with a launch configuration."""
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    return group.get("LaunchTemplate") or mixed or {}


def specifications_of(group: Group) -> list[Specification]:
    """What a group names itself, and what its overrides name in place of that."""
    own = [each.get("LaunchTemplateSpecification") for each in overrides_of(group)]
    return [each for each in (specification_of(group), *own) if each]


def template_of(group: Group) -> TemplateRef | None:
    specification = specification_of(group)
    return TemplateRef.read(specification) if specification else None


def templates_of(group: Group) -> list[TemplateRef]:
    """Every launch template of a group, each once, the one that counts for most first."""
    return list(dict.fromkeys(map(TemplateRef.read, specifications_of(group))))


def template_names(group: Group) -> dict[str, str]:
    """The names of launch templates by their IDs, as far as AWS returns them."""
    specified = specifications_of(group)
    return {each["LaunchTemplateId"]: each.get("LaunchTemplateName", each["LaunchTemplateId"]) for each in specified}


def missing_message(group: Group, missing: Collection[TemplateRef]) -> str:
    """A sentence about versions that a group names and that do not exist."""
    names = template_names(group)
    listed = " and ".join(f"version {ref.version} of launch template {names[ref.id]}" for ref in missing)
    return (
        f"{group['AutoScalingGroupName']} launches from {listed}, which AWS does not find: the version or the template "
        "was deleted."
    )


def check_launchable(group: Group, missing: Collection[TemplateRef]) -> None:
    if missing:
        raise BluegreenError(
            f"{missing_message(group, missing)} There is nothing to build from. Set the group to a version that has "
            "the settings of its instances, then run again."
        )


def overrides_of(group: Group) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (
        group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("Overrides", [])
    )
    return found


def other_images(group: Group, images: Mapping[TemplateRef, str | None]) -> list[str]:
    """A remark about overrides with an image of their own: the release has one for all."""
    main = template_of(group)
    usual = images[main] if main else None
    found = [each.get("ImageId") or _own_image(each, images) for each in overrides_of(group)]
    others = sorted({image for image in found if image and image != usual})
    if not others:
        return []
    name = group["AutoScalingGroupName"]
    return [
        f"Some overrides of {name} launch other images ({', '.join(others)}) than its launch template ({usual}). "
        "The new image is for all of them, so it must fit all their instance types."
    ]


def _own_image(override: Mapping[str, Any], images: Mapping[TemplateRef, str | None]) -> str | None:
    specification = override.get("LaunchTemplateSpecification")
    return images[TemplateRef.read(specification)] if specification else None


@dataclass(frozen=True)
class LaunchPlan:
    """What a clone launches from: each launch template of the source in a revision of its own.

    ``revisions`` has them by what the source calls them, also where they are of another launch template; a launch
    configuration's is under None. ``numbers`` are the versions that the source launches from now, and ``remarks`` what
    has to be said about the copy. With ``numbered`` it is the source itself that is to launch the release, and what it
    launches from now has to be a number to return to.
    """

    source: Group
    image_id: str
    revisions: Mapping[TemplateRef | None, Revision]
    numbers: Mapping[TemplateRef, int] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    numbered: bool = False

    @property
    def main(self) -> Revision:
        return next(iter(self.revisions.values()))

    @property
    def moving(self) -> set[str]:
        """IDs of the launch templates that are about to get a version."""
        return {each.template_id for each in self.revisions.values() if each.found is None and each.template_id}

    def fields(self) -> dict[str, Any]:
        """For CreateAutoScalingGroup."""
        if None in self.revisions:
            return {"LaunchTemplate": self.main.reference()}
        references = {ref: revision.reference() for ref, revision in self.revisions.items() if ref}
        return _named(self.source, references, {"ImageId": self.image_id})

    def held(self) -> dict[TemplateRef, int]:
        """Those of which the source follows the latest version, which is about to be the release's."""
        if self.numbered:
            return {ref: number for ref, number in self.numbers.items() if not ref.version.isdigit()}
        return {ref: number for ref, number in self.numbers.items() if ref.version == LATEST and ref.id in self.moving}

    def held_fields(self) -> dict[str, Any]:
        """For UpdateAutoScalingGroup of the source, so that it continues launching what it launches now."""
        held = self.held()
        references = {
            ref: {"LaunchTemplateId": ref.id, "Version": str(held[ref]) if ref in held else ref.version}
            for ref in self.numbers
        }
        return _named(self.source, references, {})

    def warnings(self) -> list[str]:
        group = self.source["AutoScalingGroupName"]
        danger, purpose = "is about to be the new image's version", "it continues launching what it launches now"
        if self.numbered:
            danger, purpose = "can move", "there is a number to roll back to"
        names = template_names(self.source)
        held = [
            f"{group} follows {ref.version} of launch template {names[ref.id]}, which {danger}. "
            f"{group} is set to version {number}, so that {purpose}."
            for ref, number in self.held().items()
        ]
        return [*held, *self.remarks]


def _named(group: Group, references: Mapping[TemplateRef, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The group's field with other versions, and with ``over`` wherever an override says these itself."""

    def replaced(holder: Mapping[str, Any]) -> dict[str, Any]:
        specified = holder.get("LaunchTemplateSpecification")
        named = {"LaunchTemplateSpecification": references[TemplateRef.read(specified)]} if specified else {}
        return {**holder, **named, **{key: value for key, value in over.items() if key in holder}}

    if "LaunchTemplate" in group:
        return {"LaunchTemplate": references[TemplateRef.read(group["LaunchTemplate"])]}
    policy = carried(group, {"MixedInstancesPolicy"})["MixedInstancesPolicy"]
    template = replaced(policy["LaunchTemplate"])
    if overrides := template.get("Overrides"):
        template["Overrides"] = [replaced(each) for each in overrides]
    return {"MixedInstancesPolicy": {**policy, "LaunchTemplate": template}}
