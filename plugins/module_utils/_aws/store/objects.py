# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of an S3 bucket: one function, one API call."""

from __future__ import annotations

from typing import Any

from ..base.errors import doing

Client = Any

TOKEN = "bluegreen-write"  # noqa: S105 (the name of the metadata by which a writer knows its own write)
JSON = "application/json"


def get_object(client: Client, bucket: str, key: str) -> tuple[str, str, str]:
    """The text, its ETag and the token that it was written with."""
    with doing(f"reading s3://{bucket}/{key}"):
        answer = client.get_object(Bucket=bucket, Key=key)
        text = answer["Body"].read().decode(errors="replace")  # what reads it says that it is not as it was written
        return text, answer["ETag"], answer.get("Metadata", {}).get(TOKEN, "")


def put_object(client: Client, bucket: str, key: str, text: str, token: str, **condition: str) -> str:
    """The ETag. ``condition`` is IfMatch or IfNoneMatch. It is encrypted as the bucket says."""
    with doing(f"writing s3://{bucket}/{key}"):
        answer = client.put_object(
            Bucket=bucket, Key=key, Body=text.encode(), ContentType=JSON, Metadata={TOKEN: token}, **condition
        )
        return str(answer["ETag"])


def delete_object(client: Client, bucket: str, key: str, **condition: str) -> None:
    with doing(f"deleting s3://{bucket}/{key}"):
        client.delete_object(Bucket=bucket, Key=key, **condition)


def list_objects(client: Client, bucket: str, prefix: str) -> list[str]:
    with doing(f"listing s3://{bucket}/{prefix}"):
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [each["Key"] for page in pages for each in page.get("Contents", [])]
