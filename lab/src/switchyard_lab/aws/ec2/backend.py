# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: launch templates, and the image an instance runs."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any, ClassVar, cast

import moto.ec2.models.launch_templates as moto_templates
import moto.ec2.urls
from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidAMIIdError,
    InvalidLaunchTemplateVersionNotFound,
    InvalidSecurityGroupNotFoundError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami
from moto.ec2.models.instances import Instance, InstanceState, Reservation
from moto.ec2.models.key_pairs import KeyPair
from moto.ec2.utils import convert_tag_spec, parse_user_data

from .. import parameters
from . import images, volumes
from .answers import Answers, InstanceAnswers
from .images import AllowedImages
from .limits import Ec2Limits
from .pages import page, paged


class LabLaunchTemplate(moto_templates.LaunchTemplate):
    """Versions keep their numbers when others are deleted."""

    __module__ = moto_templates.__name__  # moto's class tracker derives the service from it

    def create_version(self, data: dict[str, Any], description: str) -> moto_templates.LaunchTemplateVersion:
        """User data arrives as text for later versions; moto asserts its own type at launch."""
        data = {**data, "UserData": _user_data(data.get("UserData"))}
        number = 1 + max((version.number for version in self.versions), default=0)
        version = moto_templates.LaunchTemplateVersion(self, number, data, description)
        self.versions.append(version)
        return version

    def get_version(self, num: Any) -> moto_templates.LaunchTemplateVersion:
        wanted = {"$latest": self.versions[-1].number, "$default": self.default_version_number}.get(
            str(num).lower(), num
        )
        for version in self.versions:
            if str(version.number) == str(wanted):
                return version
        raise InvalidLaunchTemplateVersionNotFound(template_id=self.id, version=num)

    def default_version(self) -> moto_templates.LaunchTemplateVersion:
        return self.get_version(self.default_version_number)


def _user_data(value: Any) -> Any:
    return parse_user_data(value) if isinstance(value, (str, bytes)) else value


class LabEC2(EC2Backend):
    limits: ClassVar[Ec2Limits]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.instances: dict[str, Instance] = {}
        self.allowed_images = AllowedImages()
        self.answers = Answers()

    @property
    def _url_module(self) -> ModuleType:
        return moto.ec2.urls

    def run_instances(self, image_id: str, count: int, *args: Any, **kwargs: Any) -> Reservation:
        self.describe_images(ami_ids=[image_id])
        self.check_named(kwargs.get("key_name"), [])
        subnet = kwargs.get("subnet_id")
        zone = self.get_subnet(subnet).availability_zone if subnet else str(kwargs.get("placement") or "")
        spot = bool(kwargs.get("instance_market_options"))
        self.limits.check(str(kwargs["instance_type"]), count, zone, self.instances.values(), spot)
        kwargs["block_device_mappings"] = volumes.of_launch(self.amis[image_id], kwargs.get("block_device_mappings"))
        reservation = super().run_instances(image_id, count, *args, **kwargs)
        self.instances |= {instance.id: instance for instance in reservation.instances}
        return reservation

    def resolved(self, image_id: str) -> str:
        return parameters.resolved(image_id, self.account_id, self.region_name)

    def describe_key_pairs(self, key_names: list[str], filters: Any = None) -> list[KeyPair]:
        """The message as AWS words it."""
        if unknown := [name for name in key_names or [] if name not in self.key_pairs]:
            raise EC2ClientError("InvalidKeyPair.NotFound", f"The key pair '{unknown[0]}' does not exist")
        return super().describe_key_pairs(key_names, filters)

    def check_named(self, key_name: str | None, security_groups: Iterable[str]) -> None:
        """Without them, a launch fails, and so does a group that is given a launch template with them ("Troubleshoot
        issues in Amazon EC2 Auto Scaling" in the user guide; github.com/eksctl-io/eksctl/issues/1989)."""
        if key_name:
            self.describe_key_pairs([key_name])
        for each in security_groups:
            if self.get_security_group_from_id(each) is None:
                raise InvalidSecurityGroupNotFoundError(each)

    def start_instances(self, instance_ids: list[str]) -> list[tuple[Instance, InstanceState]]:
        """A stopped instance needs capacity and quota again, as a new one does."""
        for instance in self.get_multi_instances_by_id(instance_ids):
            if instance.state != "running":
                zone = str(instance.placement.zone)
                self.limits.check(str(instance.instance_type), 1, zone, self.instances.values())
        return super().start_instances(instance_ids)

    def get_instance_by_id(self, instance_id: str) -> Instance | None:
        """By an index: moto copies every reservation to find one instance, and the control loop asks all the time."""
        return self.instances.get(instance_id)

    def describe_images(self, ami_ids: list[str] | None = None, *args: Any, **kwargs: Any) -> list[Ami]:
        """One unknown id among known ones fails the call (InvalidAMIID.NotFound). Whoever launches is not shown what
        the account does not allow either."""
        known = [each.id for each in self.amis.values() if not self.allowed_images.hides(each, self.account_id)]
        if unknown := [ami_id for ami_id in ami_ids or [] if ami_id not in known]:
            raise InvalidAMIIdError(unknown)
        return super().describe_images(ami_ids, *args, **kwargs)


class LabEC2Response(InstanceAnswers):
    def register_image(self) -> ActionResult:
        """Tags given at registration are kept, and so is what the image needs of an instance type."""
        registered = super().register_image()
        image = self.ec2_backend.amis[registered.result["ImageId"]]  # type: ignore[index]  # moto types no result
        image.architecture = self._get_param("Architecture") or image.architecture
        image.virtualization_type = self._get_param("VirtualizationType") or image.virtualization_type
        image.boot_mode = self._get_param("BootMode") or image.boot_mode
        image.root_device_name = self._get_param("RootDeviceName") or image.root_device_name
        tags = convert_tag_spec(self._get_param("TagSpecifications", []), tag_key="Tags")
        if image_tags := tags.get("image"):
            self.ec2_backend.create_tags([registered.result["ImageId"]], image_tags)  # type: ignore[index]  # moto types no result
        images.dated(image)
        return registered

    def describe_images(self) -> ActionResult:
        """An ID that is not known fails the call; one of an image that is hidden from the account finds nothing."""
        backend = cast(LabEC2, self.ec2_backend)
        names = ("ImageIds", "Owners", "Filters", "IncludeDeprecated", "IncludeDisabled", "MaxResults", "NextToken")
        asked = {name: self._get_param(name) for name in names}
        if unknown := [each for each in asked["ImageIds"] or [] if each not in backend.amis]:
            raise InvalidAMIIdError(unknown)
        found = images.describe(backend.amis.values(), self.current_account, backend.allowed_images, asked)
        shown, following = page(found, asked)
        return ActionResult({"Images": list(shown), "NextToken": following})

    def get_allowed_images_settings(self) -> ActionResult:
        allowed = cast(LabEC2, self.ec2_backend).allowed_images
        return ActionResult({"State": allowed.state, "ImageCriteria": list(allowed.criteria), "ManagedBy": "account"})

    def enable_allowed_images_settings(self) -> ActionResult:
        state = self._get_param("AllowedImagesSettingsState")
        cast(LabEC2, self.ec2_backend).allowed_images.state = state
        return ActionResult({"AllowedImagesSettingsState": state})

    def disable_allowed_images_settings(self) -> ActionResult:
        cast(LabEC2, self.ec2_backend).allowed_images.state = images.DISABLED
        return ActionResult({"AllowedImagesSettingsState": images.DISABLED})

    def replace_image_criteria_in_allowed_images_settings(self) -> ActionResult:
        cast(LabEC2, self.ec2_backend).allowed_images.criteria = self._get_param("ImageCriteria") or []
        return ActionResult({"ReturnValue": True})

    def create_launch_template(self) -> ActionResult:
        return self.once("CreateLaunchTemplate", self._create_launch_template)

    def _create_launch_template(self) -> ActionResult:
        """The template's own tags are not those of what it launches; moto puts them into its data."""
        launched = list(self._get_param("LaunchTemplateData", {}).get("TagSpecifications", []))
        created = super().create_launch_template()
        template = cast(dict[str, Any], created.result)["LaunchTemplate"]["LaunchTemplateId"]
        data = self.ec2_backend.get_launch_template(template).default_version().data
        data.pop("TagSpecifications", None)
        if launched:
            data["TagSpecifications"] = launched
        return created

    def create_launch_template_version(self) -> ActionResult:
        return self.once("CreateLaunchTemplateVersion", self._create_launch_template_version)

    def _create_launch_template_version(self) -> ActionResult:
        """A source version gives what the request leaves out."""
        template = self._template()
        if source := self._get_param("SourceVersion"):
            merged = {**template.get_version(source).data, **self._get_param("LaunchTemplateData", {})}
            self.params = {**self.params, "LaunchTemplateData": merged}
        return super().create_launch_template_version()

    def describe_launch_template_versions(self) -> ActionResult:
        """The filter image-id, which moto passes over."""
        wanted = self._filters_from_querystring().get("image-id")
        answer = paged(
            self,
            super().describe_launch_template_versions,
            lambda version: not wanted or version["LaunchTemplateData"].get("ImageId") in wanted,
        )
        if self._get_bool_param("ResolveAlias", False):
            parameters.resolve_all(cast(dict[str, Any], answer.result), cast(LabEC2, self.ec2_backend).resolved)
        return answer

    def describe_launch_templates(self) -> ActionResult:
        return paged(self, super().describe_launch_templates)

    def delete_launch_template_versions(self) -> ActionResult:
        """The default version stays: it is reported among those that could not be deleted."""
        template = self._template()
        deleted, kept = [], []
        for number in self._get_param("Versions", []):
            outcome = {
                "LaunchTemplateId": template.id,
                "LaunchTemplateName": template.name,
                "VersionNumber": int(number),
            }
            if error := self._why_kept(template, int(number)):
                kept.append({**outcome, "ResponseError": error})
            else:
                template.versions.remove(template.get_version(number))
                deleted.append(outcome)
        return ActionResult(
            {
                "SuccessfullyDeletedLaunchTemplateVersions": deleted,
                "UnsuccessfullyDeletedLaunchTemplateVersions": kept,
            }
        )

    @staticmethod
    def _why_kept(template: moto_templates.LaunchTemplate, number: int) -> dict[str, str] | None:
        if number not in [version.number for version in template.versions]:
            return {"Code": "launchTemplateVersionDoesNotExist", "Message": f"Version {number} does not exist."}
        if number == template.default_version_number:
            return {"Code": "unexpectedError", "Message": "Cannot delete the default version of a launch template."}
        return None

    def _template(self) -> moto_templates.LaunchTemplate:
        name = self._get_param("LaunchTemplateName")
        if name:
            return self.ec2_backend.get_launch_template_by_name(name)
        return self.ec2_backend.get_launch_template(self._get_param("LaunchTemplateId"))
