# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store in a bucket of Amazon S3.

S3 compares and writes in one step: "How to prevent object overwrites with conditional writes" and "How to perform
conditional deletes" in the Amazon S3 User Guide. What it answers when a condition is given:

- 412 PreconditionFailed: the ETag is another one, or with If-None-Match there is an object.
- 404 NoSuchKey: with If-Match, there is none.
- 409 ConditionalRequestConflict: another write or delete of the object ended meanwhile; whether the condition holds is
  not said. "On a 409 failure you should fetch the object's ETag and retry the upload" (PutObject, API reference).

Reads see every write that was answered before (the same guide, "Amazon S3 data consistency model"). A bucket in another
region than the service is found by botocore, which follows S3's redirect once for a client.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from secrets import token_hex
from typing import NamedTuple

from ..._aws.base.errors import AwsError
from ..._aws.store import objects
from ..._core.base.errors import BluegreenError
from ..._core.store.address import Address
from ..._core.store.stored import (
    ABSENT,
    ANY,
    ConflictError,
    Expected,
    Stored,
    ToRemove,
    UnreachableError,
    check_key,
    holds,
)
from ..base.run import Run

NOT_THERE, FAILED, CONFLICT = "NoSuchKey", "PreconditionFailed", "ConditionalRequestConflict"
PAUSES = (0.0, 0.1, 0.2, 0.4, 0.8)  # seconds before each attempt, at most
ADVICE = {
    "NoSuchBucket": "Make it with store.yml, or correct bluegreen_store.",
    "AccessDenied": "Allow what docs/store.md lists. Without s3:ListBucket, AWS denies access to what is not there.",
}


class StoredObject(NamedTuple):
    stored: Stored
    token: str  # of its writer


class S3Store:
    def __init__(self, run: Run, address: Address) -> None:
        self._run, self._address, self._client = run, address, run.client("s3")
        self._prefix = f"{address.prefix}/" if address.prefix else ""

    def read(self, key: str) -> Stored | None:
        found = self._get(key)
        return found.stored if found else None

    def write(self, key: str, text: str, expected: Expected) -> str:
        """The token shows who wrote the text: if the answer to a write is lost, botocore's next attempt finds it and is
        refused."""
        token = token_hex(8)

        def put() -> str:
            place = self._address.place, self._path(key)
            return objects.put_object(self._client, *place, text, token, **_condition(expected))

        def landed(found: StoredObject | None) -> str | None:
            return found.stored.version if found and found.token == token else None

        return self._change(key, expected, put, landed)

    def remove(self, key: str, expected: ToRemove) -> None:
        def delete() -> str:
            objects.delete_object(self._client, self._address.place, self._path(key), **_condition(expected))
            return ""

        self._change(key, expected, delete, lambda found: None if found else "")

    def names(self, prefix: str) -> list[str]:
        try:
            paths = objects.list_objects(self._client, self._address.place, f"{self._prefix}{prefix}")
        except AwsError as error:
            raise self._unreachable(error) from error
        return sorted(path.removeprefix(self._prefix) for path in paths)

    def _change(
        self,
        key: str,
        expected: Expected,
        attempt: Callable[[], str],
        landed: Callable[[StoredObject | None], str | None],
    ) -> str:
        for pause in PAUSES:
            self._run.clock.sleep(pause * random.uniform(0.5, 1.0))
            try:
                return attempt()
            except AwsError as error:
                if error.code not in (NOT_THERE, FAILED, CONFLICT):
                    raise self._unreachable(error) from error
                code = error.code
            found = self._get(key)
            if (version := landed(found)) is not None:
                return version
            if code != CONFLICT or not holds(expected, found.stored.version if found else None):
                break
        raise ConflictError(f"{key} in {self._address} was changed by somebody else at the same time.")

    def _get(self, key: str) -> StoredObject | None:
        try:
            text, version, token = objects.get_object(self._client, self._address.place, self._path(key))
        except AwsError as error:
            if error.code == NOT_THERE:
                return None
            raise self._unreachable(error) from error
        return StoredObject(Stored(text, version), token)

    def _path(self, key: str) -> str:
        check_key(key)
        return f"{self._prefix}{key}"

    def _unreachable(self, error: AwsError) -> BluegreenError:
        advice = ADVICE.get(error.code, "Run it again when it answers.")
        said = f"The store {self._address} cannot be used. {error} {advice}"
        return UnreachableError(said, lasts=error.code in ADVICE, **error.facts)


def _condition(expected: Expected) -> dict[str, str]:
    if expected is ABSENT:
        return {"IfNoneMatch": "*"}
    return {} if expected is ANY else {"IfMatch": str(expected)}
