# SPDX-License-Identifier: GPL-3.0-or-later
"""`serve` runs a lab, `load URL` sends requests to one, `rehearse INVENTORY` releases stand-ins of your services."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from .settings import Settings


def serve(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="switchyard-lab serve", description="Run a lab until Ctrl-C.")
    parser.parse_args(arguments)
    try:
        settings = Settings.from_environment(os.environ)
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    from .lab import Lab  # moto's import takes more than a second, and `load` has no use for it

    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with Lab(settings) as lab:
        lab.start()
        print(lab, flush=True)
        over.wait()
    return 0


def load(arguments: Sequence[str]) -> int:
    from .load.__main__ import main

    return main(arguments)


def rehearse(arguments: Sequence[str]) -> int:
    from .rehearsal.command import main

    return main(arguments)


COMMANDS = {"serve": serve, "load": load, "rehearse": rehearse}


def main() -> int:
    parser = argparse.ArgumentParser(prog="switchyard-lab", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = parser.parse_args(sys.argv[1:2]).command
    return COMMANDS[command](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
