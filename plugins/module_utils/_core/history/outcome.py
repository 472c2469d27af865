# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did to a service, in short: it fits into a tag, so that it is known without a store, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.end_states import HALTED, ROLLED_BACK, SUCCEEDED
from ..base.tag_text import LONGEST_VALUE, as_word, decoded, shortened
from ..base.tags import OUTCOME
from ..base.timestamps import utc
from ..base.works import ROLL, ROLLBACK, WATCH

KEPT = 5  # in tags, of which a resource may have 50, the user's own among them
LONGEST_LABEL, LONGEST_NAME, LONGEST_WORD = 24, 40, 24  # characters in a tag: of a label, a person, and anything else
NOTHING = "-"


@dataclass(frozen=True)
class Version:
    """What an environment runs. Both are empty where that is not known, or nothing runs."""

    image_id: str = ""
    release: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Version:
        """The version in an environment, as service_info returns it, or in what is wanted, as plan returns it."""
        image = data.get("image_id") or ""
        return cls(image, data.get("release") or image)

    def as_data(self) -> dict[str, str | None]:
        return {"image_id": self.image_id or None, "release": self.release or None}

    def __str__(self) -> str:
        if self.release in ("", self.image_id):
            return self.image_id or "nothing"
        return f"{self.release} ({self.image_id})" if self.image_id else self.release


@dataclass(frozen=True)
class Outcome:
    """``doing`` is the playbook's work, ``by`` who ran it, ``began`` and ``ended`` are seconds since the epoch.

    ``before`` was stable when the run began, or got traffic where that was returned; ``to`` is what the run was to
    make stable. ``restored``: how many seconds a return of the traffic took. ``ended`` and ``end_state`` are empty
    while the run works, and when it died.
    """

    run: str
    doing: str
    by: str
    began: int
    ended: int | None
    end_state: str
    before: Version
    to: Version
    restored: int | None = None
    reason: str = ""

    @property
    def is_rollback(self) -> bool:
        return self.doing == ROLLBACK

    @property
    def is_roll(self) -> bool:
        return self.doing == ROLL

    @property
    def is_watch(self) -> bool:
        """Whether it ended what a dead run had left."""
        return self.doing == WATCH

    @property
    def switches(self) -> bool:
        """Whether another image was stable after it than before."""
        done = self.end_state == (ROLLED_BACK if self.is_rollback else SUCCEEDED)
        return done and bool(self.to.image_id) and self.to.image_id != self.before.image_id

    def repeats(self, other: Outcome) -> bool:
        """A watch that fails tries again every few minutes; that would leave no room for anything else."""
        return (self.doing, self.end_state) == (other.doing, other.end_state) == (WATCH, HALTED)

    @property
    def rolled_back(self) -> Version | None:
        """What was found to be bad."""
        if self.end_state != ROLLED_BACK:
            return None
        return self.before if self.is_rollback else self.to

    @property
    def served(self) -> bool:
        """For a run that took a release back: whether users had it."""
        return self.restored is not None or self.is_rollback or self.is_roll

    def rolls_back(self, image_id: str) -> bool:
        return self.rolled_back is not None and self.rolled_back.image_id == image_id

    def as_data(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "doing": self.doing,
            "by": self.by,
            "began": _moment(self.began),
            "ended": None if self.ended is None else _moment(self.ended),
            "end_state": self.end_state or None,
            "from": self.before.as_data(),
            "to": self.to.as_data(),
            "restored_seconds": self.restored,
            "reason": self.reason or None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Outcome:
        return cls(
            run=data["run"],
            doing=data["doing"],
            by=data["by"],
            began=_seconds(data["began"]),
            ended=_seconds(data["ended"]) if data["ended"] else None,
            end_state=data["end_state"] or "",
            before=Version(**{key: value or "" for key, value in data["from"].items()}),
            to=Version(**{key: value or "" for key, value in data["to"].items()}),
            restored=data["restored_seconds"],
            reason=data["reason"] or "",
        )

    def text(self) -> str:
        """The value of its tag. What is too long for one is cut: labels, names and, most of all, the reason."""
        took = NOTHING if self.ended is None else self.ended - self.began
        restored = NOTHING if self.restored is None else self.restored
        words = (as_word(each, LONGEST_WORD) for each in (self.doing, self.run))
        versions = (*_words(self.before), *_words(self.to))
        by = as_word(self.by, LONGEST_NAME) or NOTHING
        fields = [self.end_state or NOTHING, self.began, took, restored, *words, *versions, by]
        text = " ".join(map(str, fields)) + " "
        return text + (shortened(self.reason, LONGEST_VALUE - len(text)) or NOTHING)

    @classmethod
    def read(cls, text: str) -> Outcome | None:
        """None for a text that is none."""
        fields = text.split(" ", 11)
        if len(fields) < 12 or not fields[1].isdigit():
            return None
        state, began, took, restored, doing, run = fields[:6]
        by, reason = (decoded(_filled(field)) for field in fields[10:])
        return cls(
            run=decoded(run),
            doing=decoded(doing),
            by=by,
            began=int(began),
            ended=int(began) + int(took) if took.isdigit() else None,
            end_state=_filled(state),
            before=_version(*fields[6:8]),
            to=_version(*fields[8:10]),
            restored=int(restored) if restored.isdigit() else None,
            reason=reason,
        )


def read_outcomes(tags: Iterable[Mapping[str, str]]) -> list[Outcome]:
    """The outcomes in the tags of a service's target groups, the latest first. All target groups say the same,
    unless one was added since."""
    texts = {value for its in tags for key, value in its.items() if key.startswith(OUTCOME)}
    found = [outcome for text in texts if (outcome := Outcome.read(text))]
    return sorted(found, key=lambda each: (each.began, each.run), reverse=True)


def tags_with(new: Outcome, known: Sequence[Outcome]) -> dict[str, str]:
    """All of them with one more, by one call: 1 is the latest."""
    return {f"{OUTCOME}{number}": each.text() for number, each in enumerate(_kept(new, known), 1)}


def _kept(new: Outcome, known: Sequence[Outcome]) -> list[Outcome]:
    """The latest, and the last one that made another image stable however long ago: it says which ran before."""
    every = [new, *(each for each in known if each.run != new.run and not new.repeats(each))]
    kept, older = every[:KEPT], every[KEPT:]
    switches = [each for each in older if each.switches]
    if switches and not any(each.switches for each in kept):
        kept[-1] = switches[0]
    return kept


def find_previous_version(outcomes: Sequence[Outcome], present: Version) -> Version | None:
    """What was stable before ``present`` and was not rolled back from since; None where that is not known.

    ``outcomes``: the latest first.
    """
    bad: set[str] = set()
    for outcome in outcomes:
        if outcome.rolled_back:
            bad.add(outcome.rolled_back.image_id)
        before = outcome.before.image_id
        if outcome.switches and before and before not in bad and before != present.image_id:
            return outcome.before
    return None


def find_rolled_back(outcomes: Sequence[Outcome], image_id: str) -> Outcome | None:
    """The run that found this image to be bad while users got it, unless it was released after that.

    ``outcomes``: the latest first. A deploy that returned nothing says little of its image, as AWS may have had no
    room; and a watch that ended what a dead run had left says nothing of it.
    """
    for outcome in outcomes:
        if outcome.switches and outcome.to.image_id == image_id:
            return None
        if outcome.end_state == HALTED and outcome.to.image_id == image_id:
            return outcome
        if outcome.rolls_back(image_id) and outcome.served and not outcome.is_watch:
            return outcome
    return None


def was_left(outcomes: Sequence[Outcome], image_id: str) -> bool:
    """Whether this image was rolled back last because its run had died."""
    last = next((each for each in outcomes if each.rolls_back(image_id)), None)
    return last is not None and last.is_watch


def _words(version: Version) -> tuple[str, str]:
    label = "" if version.release == version.image_id else version.release
    # A label that is a hyphen is written so that it is not taken for none.
    word = "=2D" if label == NOTHING else as_word(label, LONGEST_LABEL)
    return as_word(version.image_id, LONGEST_WORD) or NOTHING, word or NOTHING


def _version(image: str, label: str) -> Version:
    image_id = decoded(_filled(image))
    return Version(image_id, decoded(_filled(label)) or image_id)


def _filled(field: str) -> str:
    return "" if field == NOTHING else field


def _moment(seconds: int) -> str:
    return utc(seconds).isoformat()


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
