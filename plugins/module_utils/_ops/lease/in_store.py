# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The claim to a service's lease kept in a store, whose conditional writes let one of all who ask have it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

from ..._core.base.errors import BluegreenError
from ..._core.lease.claim import Claim
from ..._core.lease.contest import living
from ..._core.store.stored import ABSENT, ANY, ConflictError, Expected, key_of
from ..base.run import Run
from ..store.kinds import open_store
from .process import dead

NAME = "lease.json"


class StoreKeeper:
    """There is one claim at most: of who has the lease, or had it and died."""

    def __init__(self, run: Run, url: str, service: str) -> None:
        self._run, self._store, self._key = run, open_store(run, url), key_of(service, NAME)
        self._version: Expected = ABSENT  # of what was read last

    def claims(self) -> list[Claim]:
        stored = self._store.read(self._key)
        self._version = stored.version if stored else ABSENT
        return [self._parse(stored.text)] if stored else []

    def take(self, claim: Claim) -> Claim | None:
        """A write that was overtaken is tried again when whoever overtook it has given the lease back already."""
        while not (rivals := self._rivals()):
            with suppress(ConflictError):
                self._write(claim, self._version)
                return None
        return rivals[0]

    def seize(self, claim: Claim) -> tuple[Claim, list[Claim]]:
        others = self.claims()
        claim = claim.after(others)
        self._write(claim, ANY)
        return claim, others

    def renew(self, claim: Claim) -> bool:
        try:
            self._write(claim, self._version)
        except ConflictError:
            return False
        return True

    def drop(self, claims: Sequence[Claim]) -> None:
        runs = {claim.run for claim in claims}
        if any(found.run in runs for found in self.claims()):
            with suppress(ConflictError):  # it was taken just now
                self._store.remove(self._key, str(self._version))

    def _rivals(self) -> list[Claim]:
        found = self.claims()
        return living(found, self._run.clock.now(), dead(found))

    def _parse(self, text: str) -> Claim:
        try:
            return Claim.from_data(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise BluegreenError(
                f"{self._key} in the store is not a lease. Look at it, and remove it once you are sure that nobody is "
                "changing the service."
            ) from error

    def _write(self, claim: Claim, expected: Expected) -> None:
        self._version = self._store.write(self._key, json.dumps(claim.as_data(), indent=1), expected)
