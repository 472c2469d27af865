# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a bucket fit for a store, as far as amazon.aws.s3_bucket does not."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..._args.store.bucket import BucketOptions
from ..._aws.base.errors import AwsError
from ..._aws.store import buckets
from ..._core.base.errors import BluegreenError
from ..._core.store.address import Address
from ..._core.store.bucket import expire, require_tls
from ..base.run import Run, together
from ..base.wait import poll

Item = dict[str, Any]

# Until the rules have propagated, a second run might see the old ones ("Setting an S3 Lifecycle configuration on a
# bucket" in the user guide; hashicorp/terraform-provider-aws#32850).
PROPAGATION = 60.0


def bucket_rules(options: BucketOptions, run: Run) -> Item:
    """The work of module bucket_rules."""
    address = Address.parse(options.url)
    if address.scheme != "s3":
        raise BluegreenError(f"{options.url} is not in a bucket.")
    found = _read(run, address.place)
    policy = require_tls(found["policy"], buckets.arn_of(run.client("s3"), address.place))
    rules = expire(found["lifecycle"]["Rules"], address, options.keep_days, options.keep_versions_days)
    wanted = {"policy": policy, "rules": rules}
    before = {"policy": found["policy"], "rules": found["lifecycle"]["Rules"]}
    if not run.check_mode:
        _write(run, address.place, found, wanted)
    return {"changed": before != wanted, **wanted, "diff": {"before": before, "after": wanted}}


def _read(run: Run, bucket: str) -> Item:
    """In check mode, nothing of a bucket that an earlier task would have made."""
    client = run.client("s3")
    try:
        policy, lifecycle = together(
            partial(buckets.get_policy, client, bucket), partial(buckets.get_lifecycle, client, bucket)
        )
    except AwsError as error:
        if run.check_mode and error.code == "NoSuchBucket":
            return {"policy": {}, "lifecycle": {"Rules": []}}
        raise
    return {"policy": policy, "lifecycle": lifecycle}


def _write(run: Run, bucket: str, found: Item, wanted: Item) -> None:
    client = run.client("s3")
    if wanted["policy"] != found["policy"]:
        buckets.put_policy(client, bucket, wanted["policy"])
    if wanted["rules"] == found["lifecycle"]["Rules"]:
        return
    buckets.put_lifecycle(client, bucket, found["lifecycle"], wanted["rules"])
    read = partial(buckets.get_lifecycle, client, bucket)
    ids = {rule.get("ID") for rule in wanted["rules"]}

    def is_there(lifecycle: Item) -> bool:
        return {rule.get("ID") for rule in lifecycle["Rules"]} == ids and wanted["rules"][-1] in lifecycle["Rules"]

    seen = poll(run, "waiting for the lifecycle rules", read, is_there, PROPAGATION, times=2)
    if not is_there(seen):
        raise BluegreenError(
            f"The lifecycle rules of bucket {bucket} were written and are not there yet. Run it again."
        )
