# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation as a site in build/site/html: the pages of docs/, and those of each plugin and role.

``python -m tests.docs.site``
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SITE = Path("build/site")
SOURCE = SITE / "source"
REFERENCE = SOURCE / "collections"
LINK = re.compile(r"\[([^]]+)\]\(([\w-]+)\.md\)")
OUTSIDE = re.compile(r"\[([^]]+)\]\(\.\./[^)]+\)")  # files of the checkout that are not part of the site
SECTION = re.compile(r"^\| \*\*(.+)\*\* \|")
TOCTREE = """
```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""


def main() -> int:
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.copytree("docs", SOURCE)
    for page in SOURCE.glob("**/*.md"):
        page.write_text(OUTSIDE.sub(r"\1", page.read_text(encoding="utf-8")), encoding="utf-8")
    index = SOURCE / "index.md"
    text = index.read_text(encoding="utf-8")
    index.write_text(text + "".join(toctrees(text)), encoding="utf-8")
    REFERENCE.mkdir()
    antsibull = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--cleanup", "everything"]
    subprocess.run([*antsibull, "--dest-dir", REFERENCE, "switchyard.bluegreen"], check=True)
    sphinx = ["sphinx-build", "--quiet", "--fail-on-warning", "-c", "tests/docs/site", SOURCE, SITE / "html"]
    done = subprocess.run(sphinx, check=False)
    if done.returncode == 0:
        print(f"The site is in {SITE / 'html'}.")
    return done.returncode


def toctrees(index: str) -> Iterator[str]:
    """The menu of the site: a part for each section of the index, and one for plugins and roles."""
    captions: dict[str, list[str]] = {}
    caption, listed = "", set()
    for line in index.splitlines():
        if section := SECTION.match(line):
            caption = section[1]
        for _title, page in LINK.findall(line):
            if page not in listed:
                captions.setdefault(caption, []).append(page)
                listed.add(page)
    captions["Reference"] = ["collections/index"]
    for caption, pages in captions.items():
        yield TOCTREE.format(caption=caption, pages="\n".join(pages))


if __name__ == "__main__":
    sys.exit(main())
