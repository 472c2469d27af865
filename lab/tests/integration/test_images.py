# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images an account is shown, and what AWS returns for each (DescribeImages in the API reference)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, refusal

OTHER = "999999999999"
LONG_AGO, FAR_AHEAD = "2024-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"


def listed(lab: LabProcess, **request: Any) -> list[str]:
    filters = [{"Name": name, "Values": values} for name, values in request.pop("filters", {}).items()]
    return [each["ImageId"] for each in lab.client("ec2").describe_images(Filters=filters, **request)["Images"]]


def test_names_and_tags_are_filtered_with_wildcards(lab: LabProcess, scene: Scene) -> None:
    one = scene.named_image("filter-1", approved="yes")
    two = scene.named_image("filter-22", approved="Yes")
    star = scene.named_image("filter-[1]*")
    assert listed(lab, filters={"name": ["filter-*"]}) == [one, two, star]
    assert listed(lab, filters={"name": ["filter-?"]}) == [one]
    assert listed(lab, filters={"name": ["FILTER-*"]}) == []
    assert listed(lab, filters={"name": ["filter-[1]*"]}) == [star], "brackets are no wildcard"
    assert listed(lab, filters={"name": [r"filter-*\*"]}) == [star], "a backslash makes the next character plain"
    assert listed(lab, filters={"name": ["filter-1", "filter-22"], "tag:approved": ["yes"]}) == [one]
    assert listed(lab, filters={"name": ["filter-*"], "tag-key": ["approved"]}) == [one, two]
    assert listed(lab, filters={"name": ["filter-*"], "state": ["available"]}) == [one, two, star]


def test_owners(lab: LabProcess, scene: Scene) -> None:
    own = scene.named_image("owned-own")
    other = scene.named_image("owned-other", lab__owner=OTHER)
    amazons = scene.named_image("owned-amazon", lab__owner="amazon")
    named = {"name": ["owned-*"]}
    assert listed(lab, filters=named) == [own, other, amazons], "anybody's public images"
    assert listed(lab, filters=named, Owners=["self"]) == [own]
    assert listed(lab, filters=named, Owners=["amazon", OTHER]) == [other, amazons]
    assert refusal(lab.client("ec2").describe_images, Owners=["me"]) == "InvalidParameterValue"


def test_an_account_is_shown_its_own_deprecated_images_only(lab: LabProcess, scene: Scene) -> None:
    own = scene.named_image("old-own", lab__deprecated=LONG_AGO)
    other = scene.named_image("old-other", lab__owner=OTHER, lab__deprecated=LONG_AGO)
    later = scene.named_image("old-later", lab__owner=OTHER, lab__deprecated=FAR_AHEAD)
    named = {"name": ["old-*"]}
    assert listed(lab, filters=named) == [own, later]
    assert listed(lab, filters=named, IncludeDeprecated=True) == [own, other, later]
    assert listed(lab, ImageIds=[other]) == [other], "by its ID it is there for everybody"
    (described,) = lab.client("ec2").describe_images(ImageIds=[own])["Images"]
    assert described["DeprecationTime"] == LONG_AGO


def test_disabled_images_are_shown_to_who_asks_for_them(lab: LabProcess, scene: Scene) -> None:
    disabled = scene.named_image("disabled-1")
    lab.client("ec2").disable_image(ImageId=disabled)
    assert listed(lab, filters={"name": ["disabled-*"]}) == []
    assert listed(lab, ImageIds=[disabled]) == []
    assert listed(lab, filters={"name": ["disabled-*"]}, IncludeDisabled=True) == [disabled]


def test_a_listing_has_pages_and_creation_dates(lab: LabProcess, scene: Scene) -> None:
    made = [
        scene.named_image(f"page-{number}", lab__created=f"2025-01-0{number}T00:00:00.000Z") for number in range(1, 7)
    ]
    named = [{"Name": "name", "Values": ["page-*"]}]
    pages = lab.client("ec2").get_paginator("describe_images").paginate(Filters=named, PaginationConfig={"PageSize": 5})
    found = [page["Images"] for page in pages]
    assert [[each["ImageId"] for each in images] for images in found] == [made[:5], made[5:]]
    assert found[0][0]["CreationDate"] == "2025-01-01T00:00:00.000Z"


@pytest.fixture
def criteria(lab: LabProcess) -> Iterator[Any]:
    ec2 = lab.client("ec2")
    yield lambda *given: ec2.replace_image_criteria_in_allowed_images_settings(ImageCriteria=list(given))
    ec2.disable_allowed_images_settings()


def test_images_that_the_account_does_not_allow_are_hidden_and_not_launched(
    lab: LabProcess, scene: Scene, criteria: Any
) -> None:
    ec2 = lab.client("ec2")
    own, other = scene.named_image("allowed-own"), scene.named_image("allowed-other", lab__owner=OTHER)
    amazons = scene.named_image("allowed-amazon", lab__owner="amazon")
    named = {"name": ["allowed-*"]}
    assert "ImageAllowed" not in ec2.describe_images(ImageIds=[own])["Images"][0]
    criteria({"ImageProviders": ["amazon"]})
    ec2.enable_allowed_images_settings(AllowedImagesSettingsState="audit-mode")
    found = ec2.describe_images(Filters=[{"Name": "name", "Values": ["allowed-*"]}])["Images"]
    assert [each["ImageAllowed"] for each in found] == [True, False, True], "in audit mode nothing is hidden"
    assert listed(lab, filters={**named, "image-allowed": ["false"]}) == [other]
    ec2.enable_allowed_images_settings(AllowedImagesSettingsState="enabled")
    assert ec2.get_allowed_images_settings()["State"] == "enabled"
    assert listed(lab, filters=named) == [own, amazons], "the account's own always are"
    assert listed(lab, ImageIds=[other]) == []
    launch = {"ImageId": other, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.small"}
    assert refusal(ec2.run_instances, **launch, SubnetId=scene.subnets[0]).startswith("InvalidAMIID")
    criteria({"ImageProviders": ["amazon"]}, {"ImageProviders": [OTHER], "ImageNames": ["allowed-o*"]})
    assert listed(lab, filters=named) == [own, other, amazons]


def test_parameters_of_systems_manager(lab: LabProcess) -> None:
    ssm = lab.client("ssm")
    for value in ("ami-00000001", "ami-00000002"):
        ssm.put_parameter(Name="/images/lab", Value=value, Type="String", DataType="aws:ec2:image", Overwrite=True)
    ssm.label_parameter_version(Name="/images/lab", ParameterVersion=1, Labels=["proven"])
    assert ssm.get_parameter(Name="/images/lab")["Parameter"]["Value"] == "ami-00000002"
    assert ssm.get_parameter(Name="/images/lab:1")["Parameter"]["Value"] == "ami-00000001"
    assert ssm.get_parameter(Name="/images/lab:proven")["Parameter"]["Value"] == "ami-00000001"
    assert refusal(ssm.get_parameter, Name="/images/none") == "ParameterNotFound"
    assert refusal(ssm.get_parameter, Name="/images/lab:9") == "ParameterVersionNotFound"
