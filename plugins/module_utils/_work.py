# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a piece of work with what it needs, the same as a module and inside the controller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ._args.base.leased import Leased
from ._args.base.options import Options
from ._aws.base.session import HAS_BOTOCORE, Clients
from ._aws.base.turns import Turns
from ._aws.base.written import Written
from ._core.base.arns import account_of
from ._core.base.errors import BluegreenError
from ._core.base.pace import SHORTEST
from ._core.base.unforeseen import UnforeseenError
from ._ops.base.parent import Parent
from ._ops.base.run import Run, no_aws, silent
from ._ops.history.journal import Entry
from ._ops.lease.hold import controller_lives, hold
from ._ops.notify.notices import announced
from ._ops.safety.schedules import postpone_in_waits

Work = Callable[[Any, Run], dict[str, Any]]


def do(
    work: Work,
    spec: type[Options],
    given: Mapping[str, Any],
    *,
    check_mode: bool,
    report: Callable[[str], None] = silent,
    written: Written | None = None,
    turns: Path | None = None,
    controller: int | None = None,
) -> dict[str, Any]:
    """``given`` are options that were checked and completed; ``report`` takes a sentence for the person who waits.
    ``written`` is what the run has written, where that is known, and ``turns`` a file in which its play takes turns.
    ``controller``: the process of ansible-playbook, where that has forked this one."""
    try:
        return _do(work, spec, given, check_mode, report, written, turns, controller)
    except BluegreenError:
        raise
    except Exception as error:
        raise UnforeseenError(error) from error


def _do(
    work: Work,
    spec: type[Options],
    given: Mapping[str, Any],
    check_mode: bool,
    report: Callable[[str], None],
    written: Written | None,
    turns: Path | None,
    controller: int | None,
) -> dict[str, Any]:
    options = spec.read(given)
    written = written or Written(unsure=isinstance(options, Leased) and options.lease is not None)
    parent = Parent(controller_lives(options), controller)
    client = Clients(given, parent.check, written, _turns(options, turns)) if spec.aws and HAS_BOTOCORE else no_aws
    pace = options.pace if isinstance(options, Leased) else 0.0
    run = Run(client, check_mode, report=report, pace=pace)
    if isinstance(client, Clients):
        client.guard_moves(run.before_write)
    hold(options, run)
    postpone_in_waits(options, run)
    entry = Entry(options, run)
    return announced(options, run, entry.end(work(options, run)))


def _turns(options: Options, file: Path | None) -> Turns | None:
    """Those of a service that is one of many; what returns traffic takes none."""
    if file and isinstance(options, Leased) and options.lease and options.pace > SHORTEST:
        return Turns(file, account_of(options.lease.target_groups[0]), options.only_waits)
    return None
