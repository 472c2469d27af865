# SPDX-License-Identifier: GPL-3.0-or-later
"""``switchyard-lab load URL``: paced load with a line per second."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..arguments import positive
from ..processes.limits import open_more_files
from . import strip
from .generator import Load
from .resolving import JVM_SECONDS, Resolving


def main(arguments: Sequence[str]) -> int:
    """1 when a request failed."""
    parser = argparse.ArgumentParser(prog="switchyard-lab load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--rate", type=positive, default=100, help="requests per second (default: %(default)s)")
    parser.add_argument("--seconds", type=positive, help="how long (default: until Ctrl-C)")
    parser.add_argument(
        "--dns", metavar="ADDRESS:PORT", help="where names are looked up (the lab says it when it starts)"
    )
    parser.add_argument("--clients", type=int, default=Resolving.clients, help="with a cache of names each")
    held = f"keep an address for so long, whatever its TTL ({JVM_SECONDS:g}: a JVM; inf: what never asks again)"
    parser.add_argument("--hold", type=float, metavar="SECONDS", help=held)
    parser.add_argument("--ca", type=Path, metavar="FILE", help="the certificate authority of an https:// URL to trust")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there")
    options = parser.parse_args(arguments)
    open_more_files()
    resolving = Resolving(options.dns, options.clients, options.hold) if options.dns else None
    load = Load(
        options.url, options.rate, options.seconds, keep_alive=not resolving, resolving=resolving, ca=options.ca
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(_show(load))
    print(strip.summary(load.result))
    if options.json:
        options.json.write_text(load.result.to_json(), encoding="utf-8")
    return 1 if load.result.failed else 0


async def _show(load: Load) -> None:
    """Each second is shown when the next one is over, so that its answers are in; the last ones at the end."""
    shown = 0
    try:
        async with load:
            while not load.all_sent:
                await asyncio.sleep(1)
                shown = _print(load, shown, len(load.timeline) - 2)
    finally:
        _print(load, shown, len(load.timeline))


def _print(load: Load, first: int, end: int) -> int:
    releases = strip.releases_in(load.timeline)
    for number in range(first, end):
        print(strip.line(number, load.timeline[number], releases), flush=True)
    return max(first, end)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
