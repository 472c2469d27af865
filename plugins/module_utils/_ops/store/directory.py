# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store in a directory of the machine where Ansible runs, for the runs of one user on it.

A lock keeps writers apart: comparing and writing is one step under it. Whoever dies leaves either the old text or the
new one, and the lock is gone with the process (flock(2)).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from ..._core.store.address import Address
from ..._core.store.stored import (
    ABSENT,
    ConflictError,
    Expected,
    Stored,
    ToRemove,
    UnreachableError,
    check_key,
    holds,
)
from ..base.run import Run

FOLDER_MODE, FILE_MODE = 0o700, 0o600
LOCK = ".lock"
PATIENCE = 5.0  # seconds that a writer waits for the others, each of whom takes milliseconds
PAUSE = 0.01


class DirectoryStore:
    def __init__(self, run: Run, address: Address) -> None:
        self._run, self._address, self._root = run, address, Path(address.place)

    def read(self, key: str) -> Stored | None:
        with self._reaching():
            return self._read(self._path(key))

    def write(self, key: str, text: str, expected: Expected) -> str:
        with self._reaching(), self._locked():
            path = self._path(key)
            self._check(key, expected, self._read(path))
            self._make_folder(path.parent)
            try:
                _put(path, text, exclusive=expected is ABSENT)
            except FileExistsError:
                raise self._conflict(key) from None
            return _version(text)

    def remove(self, key: str, expected: ToRemove) -> None:
        with self._reaching(), self._locked():
            path = self._path(key)
            stored = self._read(path)
            if stored:
                self._check(key, expected, stored)
                path.unlink()
                _sync(path.parent)

    def names(self, prefix: str) -> list[str]:
        with self._reaching():
            self._root.stat()
            paths = [Path(folder, name) for folder, _folders, names in os.walk(self._root) for name in names]
        keys = [path.relative_to(self._root).as_posix() for path in paths if not path.name.startswith(".")]
        return sorted(key for key in keys if key.startswith(prefix))

    def _path(self, key: str) -> Path:
        check_key(key)
        path = self._root.resolve(strict=True) / key
        if path.resolve() != path:
            raise UnreachableError(f"{path} is a symbolic link, or in one, and might lead out of {self._address}.")
        return path

    def _check(self, key: str, expected: Expected, stored: Stored | None) -> None:
        if not holds(expected, stored.version if stored else None):
            raise self._conflict(key)

    def _conflict(self, key: str) -> ConflictError:
        return ConflictError(f"{key} in {self._address} was changed by somebody else at the same time.")

    def _make_folder(self, folder: Path) -> None:
        """Path.mkdir gives the mode to the last one only."""
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir(FOLDER_MODE)
            _sync(folder.parent)

    @staticmethod
    def _read(path: Path) -> Stored | None:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return Stored(text, _version(text))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = os.open(self._root / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
        try:
            deadline = self._run.clock.monotonic() + PATIENCE
            while not _try_lock(lock):
                if self._run.clock.monotonic() >= deadline:
                    raise UnreachableError(
                        f"The store {self._address} is locked: another process has held {self._root / LOCK} for "
                        f"{PATIENCE:.0f} seconds. End it, or wait until it ends."
                    )
                self._run.clock.sleep(PAUSE)
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)  # also for processes that were forked meanwhile
            os.close(lock)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise UnreachableError(
                f"The store {self._address} cannot be used: there is no directory {self._root}. Make it with "
                "store.yml, or correct bluegreen_store."
            ) from error
        except (OSError, UnicodeError) as error:
            raise UnreachableError(
                f"The store {self._address} cannot be used: {error}. It must belong to the user who runs Ansible."
            ) from error


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _put(path: Path, text: str, *, exclusive: bool) -> None:
    """Written whole next to it, and then put in its place; it survives a loss of power."""
    new = path.with_name(f".{path.name}")
    new.unlink(missing_ok=True)  # of one who died; it may be the same file as the one in its place
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if exclusive:
        os.link(new, path)  # fails where there is one, also for who does not know the lock
        new.unlink()
    else:
        new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """What was made, renamed or removed in a folder is on the disk when the folder is (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _version(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
