# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the services of accounts and regions, for an inventory.

Tags are read with DescribeTags, 20 target groups a call, as everything else here reads them: GetResources of the
Resource Groups Tagging API takes fewer calls, but needs one more permission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..._aws.base import sts
from ..._aws.base.batches import batches
from ..._aws.base.errors import AwsError
from ..._aws.base.session import HAS_BOTOCORE, Clients
from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.base.arns import account_of
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import SERVICE
from ..._core.service.fleet import Region, TaggedService
from ..base.run import Run, together
from ..lease.holder import holder_of
from ..traffic.references import references_of

SESSION = "bluegreen-inventory"
# Where something was removed between the call that lists it and the one that asks for it, it is listed once more.
GONE = {"TargetGroupNotFound", "LoadBalancerNotFound", "ListenerNotFound", "RuleNotFound"}
# HTTP status 403: the call is not allowed, or the account does not use the region ("Common errors" of the APIs).
FORBIDDEN = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "InvalidClientTokenId",
    "OptInRequired",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
}


@dataclass(frozen=True)
class Account:
    """``options`` are those of amazon.aws, which clients are made from; ``role`` is assumed with them."""

    options: Mapping[str, Any] = field(repr=False)
    regions: Sequence[str]
    role: str | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class Fleet:
    """``services``: where each one stands, and under ``variables`` what a release needs to know of it."""

    services: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]


def read_fleet(accounts: Sequence[Account], *, strict: bool) -> Fleet:
    """``strict``: an account or a region that may not be read is an error, otherwise a warning."""
    if not HAS_BOTOCORE:
        raise BluegreenError("The Python that runs Ansible cannot import botocore. Install boto3 for it.")
    read = together(*[partial(_read_account, each, strict=strict) for each in accounts])
    return Fleet(
        [service for each in read for service in each.services], [line for each in read for line in each.warnings]
    )


def _read_account(account: Account, *, strict: bool) -> Fleet:
    try:
        options = _signed_in(account)
    except AwsError as error:
        return _unread(error, strict=strict)
    regions = account.regions or [_region_of(options)]
    read = together(*[partial(_read_region, {**options, "region": each}, strict=strict) for each in regions])
    profile = {} if account.role or not options.get("profile") else {"bluegreen_profile": options["profile"]}
    services = [
        {**service, "variables": {**service["variables"], **profile}} for each in read for service in each.services
    ]
    return Fleet(services, [line for each in read for line in each.warnings])


def _region_of(options: Mapping[str, Any]) -> str:
    """That of the options, the environment or the profile."""
    try:
        return str(Clients(options)("elbv2").meta.region_name)
    except AwsError as error:
        if error.code != "NoRegionError":
            raise
        raise BluegreenError("In which region to look for services is not known. Set regions.") from error


def _signed_in(account: Account) -> Mapping[str, Any]:
    """The options, with the keys of the role that is to be assumed."""
    if not account.role:
        return account.options
    region = account.options.get("region") or next(iter(account.regions), None)
    client = Clients({**account.options, "region": region})("sts")
    keys = sts.assume_role(client, account.role, SESSION, account.external_id)
    return {**account.options, "profile": None, **keys}


def _read_region(options: Mapping[str, Any], *, strict: bool) -> Fleet:
    run = Run(Clients(options))
    try:
        try:
            found = _found(run)
        except AwsError as error:
            if error.code not in GONE:
                raise
            found = _found(run)
    except AwsError as error:
        return _unread(error, strict=strict, region=options["region"])
    services = [_as_data(run, options["region"], each) for each in found]
    return Fleet(services, [f"{options['region']}: {line}" for each in found for line in each.warnings()])


def _unread(error: AwsError, *, strict: bool, region: str = "") -> Fleet:
    place = f"{region}: " if region else ""
    if strict or error.code not in FORBIDDEN:
        raise BluegreenError(f"{place}{error}")
    return Fleet([], [f"{place}{error} Its services are not in the inventory."])


def _as_data(run: Run, region: str, found: TaggedService) -> dict[str, Any]:
    now = run.now
    arn = next(iter(found.tags))
    return {
        "region": region,
        "account": account_of(arn),
        **found.as_data(holder_of(run, found.tags.values()), now),
        "variables": found.variables(),
    }


def _found(run: Run) -> list[TaggedService]:
    elbv2_client = run.client("elbv2")
    described, groups = together(
        partial(elbv2.all_target_groups, elbv2_client),
        partial(autoscaling.groups_with_tag, run.client("autoscaling"), SERVICE),
    )
    balancers = {each["TargetGroupArn"]: each["LoadBalancerArns"] for each in described}
    tags = {arn: its for arn, its in _tags(run, list(balancers)).items() if SERVICE in its}
    references = references_of(run, sorted({each for arn in tags for each in balancers[arn]}))
    own = [each for each in references if set(tags) & set(each.shares)]
    return Region(tags | _tags(run, [each.arn for each in own]), own, groups).services()


def _tags(run: Run, arns: Sequence[str]) -> dict[str, dict[str, str]]:
    describe = partial(elbv2.describe_tags, run.client("elbv2"))
    read = together(*[partial(describe, batch) for batch in batches(arns, elbv2.ARNS_PER_CALL)])
    return {arn: its for each in read for arn, its in each.items()}
