# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the images that AWS lists a rule means."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.image_rule import (
    ImageRule,
    check_label,
    choose,
    image_of_parameter,
)

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)
NEWEST = ImageRule(name="web-*", newest=True)


def image(number: int, created: str, **more: Any) -> dict[str, Any]:
    shown = {"ImageId": f"ami-{number}", "Name": f"web-{number}", "State": "available", "CreationDate": created}
    return {**shown, **more}


OLD, NEW = image(1, "2026-11-27T02:00:00.000Z"), image(2, "2026-11-27T02:00:01.000Z")


def test_filters_are_those_of_amazon_ec2() -> None:
    rule = ImageRule(name="web-*", tags={"approved": "yes"}, release_tag="release", release=r"1.*\?")
    assert {each["Name"]: each["Values"] for each in rule.filters} == {
        "name": ["web-*"],
        "tag:approved": ["yes"],
        "tag:release": [r"1.\*\\\?"],
    }
    assert ImageRule(release_tag="release").filters == [{"Name": "tag-key", "Values": ["release"]}]
    assert ImageRule(name="web-1", release="1.0").filters == [{"Name": "name", "Values": ["web-1"]}]


def test_without_owners_the_images_are_the_accounts_own() -> None:
    """Anybody may publish an image under any name."""
    assert NEWEST.owners == ("self",)


def test_the_newest_is_the_one_that_was_created_last() -> None:
    found = choose([NEW, OLD], NEWEST, NOW)
    assert (found.id, found.others) == ("ami-2", 1)
    assert str(found) == (
        "The image is ami-2 (web-2, created 2026-11-27 02:00 UTC), the newest of 2 images named web-* of self."
    )
    assert choose([OLD, NEW], NEWEST, NOW).id == "ami-2"
    assert choose([OLD], ImageRule(name="web-*"), NOW).id == "ami-1", "the only one needs no newest"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"State": "pending"}, "is pending"),
        ({"State": "failed"}, "is failed"),
        ({"DeprecationTime": "2026-11-28T01:59:00.000Z"}, "is deprecated since 2026-11-28 01:59 UTC"),
    ],
)
def test_what_is_not_to_be_launched_is_passed_over(other: dict[str, Any], why: str) -> None:
    assert choose([OLD, NEW | other], NEWEST, NOW).id == "ami-1"
    with pytest.raises(BluegreenError, match=rf"ami-2 .* {why}"):
        choose([NEW | other], NEWEST, NOW)


def test_an_image_that_will_be_deprecated_is_as_good_as_any() -> None:
    assert choose([NEW | {"DeprecationTime": "2026-11-28T02:01:00.000Z"}], NEWEST, NOW).id == "ami-2"


def test_what_is_open_is_refused() -> None:
    with pytest.raises(BluegreenError, match=r"finds 2 images named web-.*Add newest: true"):
        choose([OLD, NEW], ImageRule(name="web-*"), NOW)
    with pytest.raises(BluegreenError, match=r"two images .* that were created last, both at"):
        choose([NEW, NEW | {"ImageId": "ami-3"}], NEWEST, NOW)
    with pytest.raises(BluegreenError, match=r"AWS lists none: check the name, the tags, the owners and the region"):
        choose([], NEWEST, NOW)


def test_a_candidate_keeps_its_image_as_long_as_it_matches() -> None:
    kept = choose([OLD, NEW], NEWEST, NOW, kept="ami-1")
    assert kept.id == "ami-1"
    assert "which the candidate has" in str(kept)
    assert "ami-2 (web-2" in str(kept)
    assert choose([OLD, NEW], NEWEST, NOW, kept="ami-0").id == "ami-2"
    assert choose([OLD, NEW], ImageRule(name="web-*"), NOW, kept="ami-1").id == "ami-1", "nothing is open then"


def test_the_image_of_a_parameter_has_the_label_that_was_asked_for() -> None:
    tagged = OLD | {"Tags": [{"Key": "release", "Value": "1.0"}]}
    rule = ImageRule(ssm="/images/web", release_tag="release")
    check_label(choose([tagged], rule, NOW))
    check_label(choose([tagged], ImageRule(ssm="/images/web", release_tag="release", release="1.0"), NOW))
    with pytest.raises(BluegreenError, match=r"whose tag release is 1.0, and bluegreen_release is 1.1"):
        check_label(choose([tagged], ImageRule(ssm="/images/web", release_tag="release", release="1.1"), NOW))
    with pytest.raises(BluegreenError, match=r"without a tag release, and release_tag is release"):
        check_label(choose([OLD], rule, NOW))


@pytest.mark.parametrize(
    "parameter",
    [
        {"Type": "String", "Value": '{"image_id": "ami-0abcdef1234567890"}'},
        {"Type": "StringList", "Value": "ami-0abcdef1234567890,ami-0abcdef1234567891"},
        {"Type": "SecureString", "Value": "ami-0abcdef1234567890"},
    ],
)
def test_a_parameter_without_an_image_is_refused_without_its_value(parameter: dict[str, str]) -> None:
    with pytest.raises(BluegreenError) as refused:
        image_of_parameter("/images/web", parameter)
    assert "The parameter /images/web of Systems Manager" in str(refused.value)
    assert parameter["Value"] not in str(refused.value)
