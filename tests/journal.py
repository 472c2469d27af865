# SPDX-License-Identifier: GPL-3.0-or-later
"""What was played of a matrix, so that it is resumed where it ended. The state of the product belongs to each row."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from tests.playing import ROOT

PRODUCT = ("plugins", "roles", "playbooks")
AT_ONCE = int(os.environ.get("LABS", 2))  # on a machine of two cores, more than four disturb each other

Row = TypeVar("Row")


class Journal:
    """A file with a line for each row that was played, and in which state of the product."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(exist_ok=True)

    @cached_property
    def state(self) -> str:
        """Of what is played: what is committed, and whether it was changed since."""
        trees = _git("rev-parse", *[f"HEAD:{folder}" for folder in PRODUCT]).split()
        return " ".join([*(tree[:12] for tree in trees), *(["changed"] if _git("status", "--short", *PRODUCT) else [])])

    def current(self) -> dict[str, Any]:
        """The cells of each row that was played in this state of the product."""
        return {line["row"]: line["cells"] for line in self._lines() if line["state"] == self.state}

    def latest(self) -> dict[str, Any]:
        """The cells of each row when it was played last, in whichever state."""
        return {line["row"]: line["cells"] for line in self._lines()}

    def add(self, row: str, cells: Any) -> None:
        with self._path.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps({"state": self.state, "row": row, "cells": cells}) + "\n")

    def _lines(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines()]


def play_all(
    journal: Journal, rows: Iterable[Row], play: Callable[[Row], Any], name: Callable[[Row], str]
) -> Iterator[tuple[Row, Any]]:
    """Each row that was not played in this state yet, with its cells as they come in. One that cannot be played is left
    for the next time."""
    known = journal.current()
    wanted = [row for row in rows if name(row) not in known]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        playing = {pool.submit(play, row): row for row in wanted}
        for done in as_completed(playing):
            row = playing[done]
            if error := done.exception():
                print(f"{name(row)} was not played: {error}", file=sys.stderr, flush=True)
                continue
            journal.add(name(row), done.result())
            yield row, done.result()


def coverage(what: str, played: int, of: int, now: int) -> str:
    """How many of a matrix's ``what`` were played, and how many in this state of the product."""
    which = "all of them with this version"
    if now < played:
        which = f"{now:,} of them with this version, and those with a ° with an earlier one"
    return f"{played:,} of {of:,} {what} were played, {which}"


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
