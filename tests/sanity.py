# SPDX-License-Identifier: GPL-3.0-or-later
"""Run all of ``ansible-test sanity`` on what a release holds: ``python -m tests.sanity [ARGUMENTS]``.

ansible-test wants the collection at its import path, in a Git tree of its own, with the collections that it depends on
next to it. It keeps its environments under HOME, which is build/sanity here, and would download a script that installs
pip into them: one that uses the pip which every Python carries takes its place in the cache.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ansible_test._internal.python_requirements as ansible_test
from ansible_collections.amazon import aws

HOME = Path("build/sanity").resolve()
COPY = HOME / "ansible_collections/switchyard/bluegreen"
RELEASED = (
    ".",
    ":!tests",
    ":!lab/tests",
    ":!conftest.py",
    ":!extensions/molecule",
)  # ruff, mypy and ansible-lint look at the rest
INSTALL_PIP = """\
import pathlib, subprocess, sys
pathlib.Path(sys.prefix, "pip.conf").write_text("[global]\\nquiet = 1\\n", encoding="utf-8")
subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
"""


def git(*arguments: str, cwd: Path = Path()) -> str:
    return subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout


def copy_collection() -> None:
    """Copy what Git tracks or would track: a new file is checked before it is committed. Tests stay where they are."""
    shutil.rmtree(HOME / "ansible_collections", ignore_errors=True)
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", *RELEASED)
    for name in listed.split("\0"):
        if name and Path(name).exists():
            target = COPY / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, target)
    git("init", "--quiet", cwd=COPY)
    git("add", "--all", cwd=COPY)
    amazon = HOME / "ansible_collections/amazon"
    amazon.mkdir()
    (amazon / "aws").symlink_to(next(iter(aws.__path__)))


def prepare_home() -> None:
    """Bring pip without a download, and let it find the user's settings and cache."""
    for name in (".cache", ".config"):
        link = HOME / name
        link.unlink(missing_ok=True)
        link.symlink_to(Path.home() / name)
    cache = HOME / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    source = Path(ansible_test.__file__).read_text(encoding="utf-8")
    for version in re.findall(r"\bpip='([\d.]+)'", source):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(INSTALL_PIP, encoding="utf-8")


def main() -> int:
    copy_collection()
    prepare_home()
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ["ansible-test", "sanity", "--color", "no", "--python", python, *sys.argv[1:]]
    return subprocess.run(command, cwd=COPY, env={**os.environ, "HOME": str(HOME)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
