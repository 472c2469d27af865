# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has the lease of a service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..._core.base.errors import BluegreenError
from ..._core.lease.claim import Claim, read_claims
from ..._core.lease.contest import Holder, find_holder
from ..base.run import Run
from .in_store import StoreKeeper
from .process import dead


def stored_holder(run: Run, store: str, service: str) -> Holder | None:
    """The holder of the service's lease by its claims in ``store`` (a URL)."""
    return _holder(run, StoreKeeper(run, store, service).claims())


def holder_of(run: Run, tags: Iterable[Mapping[str, str]]) -> Holder | None:
    """The holder of a service's lease by the claims in the ``tags`` of its target groups."""
    return _holder(run, read_claims(tags))


def at_work(
    run: Run, by_tags: Holder | None, store: str | None, service: str, unread: Sequence[Claim] = ()
) -> list[Claim]:
    """The claims of runs that change it now. A store that does not answer holds up no return of traffic: then they are
    those in the tags, or ``unread``, which were known before."""
    holders = [by_tags]
    if store:
        try:
            holders.append(stored_holder(run, store, service))
        except BluegreenError:
            if unread:
                return list(unread)
    return [each.claim for each in holders if each and each.alive]


def _holder(run: Run, claims: Sequence[Claim]) -> Holder | None:
    return find_holder(claims, run.clock.now(), dead(claims))
