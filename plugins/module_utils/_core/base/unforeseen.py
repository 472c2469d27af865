# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last net: an error of Python that nothing has translated, as a sentence."""

from __future__ import annotations

from traceback import extract_tb, format_list

from .errors import BluegreenError

NAMES_ONLY = (LookupError, TypeError, AttributeError)  # whose texts name keys and types; those of others quote values
VERBOSE = 3  # the number of v that shows tracebacks
COLLECTION, ROOT = "switchyard/bluegreen", "/plugins/"


class UnforeseenError(BluegreenError):
    """``trace`` is where it came from, without the values: there may be a secret among them."""

    def __init__(self, error: Exception) -> None:
        frames = extract_tb(error.__traceback__)
        said = f" ({error})" if isinstance(error, NAMES_ONLY) and str(error) else ""
        kind, where = f"{type(error).__name__}{said}", ""
        ours = [frame for frame in frames if _place(frame.filename)]
        if ours:
            where = f" in {_place(ours[-1].filename)}, line {ours[-1].lineno}"
        super().__init__(
            f"There was an unexpected {kind}{where}. This is a fault of switchyard.bluegreen: please report it, with "
            "the traceback that -vvv shows."
        )
        self.trace = f"{''.join(format_list(frames))}{kind}"


def as_ours(error: Exception) -> BluegreenError:
    """What is written for people stays as it is."""
    return error if isinstance(error, BluegreenError) else UnforeseenError(error)


def _place(filename: str) -> str:
    """Within the collection; empty for code of others."""
    before, root, after = filename.rpartition(ROOT)
    return f"plugins/{after}" if root and before.endswith(COLLECTION) else ""
