# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the language of the repository. ``python -m tests.docs.style [path …]``; without paths, the whole scope."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.docs.style.texts import LOADER, Text, read
from tests.docs.style.words import WORDS

ROOT = Path(__file__).parents[3]
SCOPE = yaml.load((Path(__file__).parent / "scope.yml").read_text(encoding="utf-8"), LOADER)
LIMIT = 40  # words in a sentence

AVOID = [(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), instead) for pattern, instead in WORDS.items()]
ANY = re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in WORDS), re.IGNORECASE)
CODE = re.compile(r"`[^`]*`|\b[A-Z]\([^)]*\)")
LINK = re.compile(r"\]\([^)]*\)")
END = re.compile(r"[.!?:](?=[\s\"')]|$)|\n\s*\n|\n(?=\s*[-*] )")


def findings(text: Text) -> Iterator[tuple[int, str]]:
    plain = LINK.sub("]", CODE.sub("C", text.text))
    if ANY.search(" ".join(plain.split())):
        spaced = " ".join(plain.split())
        for pattern, instead in AVOID:
            for found in pattern.finditer(spaced):
                yield text.line, f"'{found[0]}': say {instead}"
    if text.prose:
        for sentence in END.split(plain):
            count = len(sentence.split())
            if count > LIMIT:
                yield text.line, f"a sentence of {count} words; {LIMIT} at most: {' '.join(sentence.split()[:8])} …"


def main(arguments: list[str]) -> int:
    paths = [ROOT / name for name in arguments] or sorted({path for glob in SCOPE for path in ROOT.glob(glob)})
    bad = 0
    for path in paths:
        for line, what in (finding for text in read(path) for finding in findings(text)):
            bad += 1
            print(f"{path.relative_to(ROOT)}:{line}: {what}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
