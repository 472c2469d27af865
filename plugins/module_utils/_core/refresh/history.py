# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group's tags remember of its rolls: AWS keeps neither the image nor the release that a group had before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ..base.tags import PREVIOUS_IMAGE, PREVIOUS_RELEASE, RELEASE, ROLLED
from ..history.outcome import Version

VERIFIED = "verified"
FINISHED = (
    "The instance refresh of {group} is over, so AWS can no longer roll it back. Its instances are replaced once "
    "more, by a refresh to the previous version of its launch template, with {image}."
)


@dataclass(frozen=True)
class Rolled:
    """``image`` is the one that it was rolled to last; ``verified``: that roll was followed to its end."""

    release: str | None
    previous_image: str | None
    previous_release: str | None
    image: str | None = None
    verified: bool = False

    @classmethod
    def read(cls, tags: Mapping[str, str]) -> Self:
        image, _space, verified = tags.get(ROLLED, "").partition(" ")
        return cls(
            tags.get(RELEASE), tags.get(PREVIOUS_IMAGE), tags.get(PREVIOUS_RELEASE), image or None, verified == VERIFIED
        )

    @property
    def left(self) -> Version | None:
        """What it was rolled to, and leaves when it is taken back; None where a run that died has begun with that."""
        if not self.image or self.image == self.previous_image:
            return None
        return Version(self.image, (self.release if self.verified else None) or self.image)

    def has_verified(self, image_id: str) -> bool:
        return self.verified and self.image == image_id

    def begun(self, image_id: str) -> dict[str, str]:
        """The tag to write before a roll to this image, unless it is there."""
        return {} if self.image == image_id and not self.verified else {ROLLED: image_id}

    def finished(self, image_id: str) -> dict[str, str]:
        """The tag to write once the instances have this image and were checked, unless it is there."""
        return {} if self.has_verified(image_id) else {ROLLED: f"{image_id} {VERIFIED}"}

    def journal(self, image_id: str) -> dict[str, str]:
        """Before a roll: what the group leaves, unless a run that died has written it.

        Its release is said again, since a tag that is written so is not handed to instances: those that come are of
        another one.
        """
        release = self.called(image_id, None)
        if (self.release, self.previous_image, self.previous_release) == (release, image_id, release):
            return {}
        return {PREVIOUS_IMAGE: image_id, PREVIOUS_RELEASE: release, RELEASE: release}

    def called(self, image_id: str, release: str | None) -> str:
        """The release after a roll; without a tag, a group's release is its image.

        Where none is given, a label that was the previous image's too is not true any more, unless a roll that was
        followed to its end has given it to this image.
        """
        kept = self.release != self.previous_release or image_id == self.previous_image or self.has_verified(image_id)
        return release or (self.release if kept else None) or image_id

    def label(self, image_id: str, release: str | None) -> dict[str, str]:
        """After a roll: the tag to write, if it does not say so yet."""
        called = self.called(image_id, release)
        return {} if called == (self.release or image_id) else {RELEASE: called}
