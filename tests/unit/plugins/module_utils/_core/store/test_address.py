# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.address import SCHEMES, Address
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.store.kinds import KINDS


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("s3://example-releases", Address("s3", "example-releases")),
        ("s3://example.releases.1/blue/green_(1)", Address("s3", "example.releases.1", "blue/green_(1)")),
        ("s3://example-releases/a/", Address("s3", "example-releases", "a")),
        ("file:///srv/blue green", Address("file", "/srv/blue green")),
    ],
)
def test_an_address_is_read_and_written(url: str, address: Address) -> None:
    assert Address.parse(url) == address
    assert str(address) == url.rstrip("/")


@pytest.mark.parametrize(
    "bucket",
    [
        *("", "ab", "a" * 64, "Releases", "re_leases", "-releases", "releases-", "re..leases", "192.168.5.4"),
        *("xn--releases", "sthree-releases", "amzn-s3-demo-releases"),
        *("releases-s3alias", "releases--ol-s3", "releases.mrap", "releases--x-s3", "releases--table-s3"),
    ],
)
def test_names_that_aws_gives_no_bucket_are_refused(bucket: str) -> None:
    """Of the rules in "General purpose bucket naming rules", one each."""
    with pytest.raises(BluegreenError, match="is not the name of a general purpose bucket"):
        Address.parse(f"s3://{bucket}")


@pytest.mark.parametrize("prefix", ["/a", "a//b", "a/../b", ".", "a b", "a\nb", "ä", "a#b"])
def test_prefixes_that_would_surprise_are_refused(prefix: str) -> None:
    with pytest.raises(BluegreenError):
        Address.parse(f"s3://example-releases/{prefix}")


@pytest.mark.parametrize(
    "path", ["", "/", "srv", "./srv", "~/srv", "/srv//x", "/srv/./x", "/../srv", "/srv/a?b", "/srv/a#b"]
)
def test_directories_are_named_by_absolute_paths(path: str) -> None:
    with pytest.raises(BluegreenError, match="absolute path"):
        Address.parse(f"file://{path}")


def test_each_scheme_has_its_kind() -> None:
    assert set(SCHEMES) == set(KINDS)
