# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group's tags remember of its rolls: AWS keeps neither the image nor the release that a group had before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from .tags import PREVIOUS_IMAGE, PREVIOUS_RELEASE, RELEASE

FINISHED = (
    "The instance refresh of {group} is over, so AWS can no longer roll it back. Its instances are replaced once "
    "more, by a refresh to the previous version of its launch template, with {image}."
)


@dataclass(frozen=True)
class Rolled:
    release: str | None
    previous_image: str | None
    previous_release: str | None

    @classmethod
    def read(cls, tags: Mapping[str, str]) -> Self:
        return cls(tags.get(RELEASE), tags.get(PREVIOUS_IMAGE), tags.get(PREVIOUS_RELEASE))

    def journal(self, image_id: str) -> dict[str, str]:
        """Before a roll: what the group leaves, unless a run that died has written it.

        Its release is said again, since a tag that is written so is not handed to instances: those that come are of
        another one.
        """
        release = self.release or image_id
        if self == Rolled(release, image_id, release):
            return {}
        return {PREVIOUS_IMAGE: image_id, PREVIOUS_RELEASE: release, RELEASE: release}

    def label(self, image_id: str, release: str | None) -> dict[str, str]:
        """After a roll: the tag to write, if it does not say so yet; without one, a group's release is its image.

        Where no release is given, a label that was the previous image's too is not true any more.
        """
        stale = self.release is not None and self.release == self.previous_release and image_id != self.previous_image
        wanted = release or (image_id if stale else None)
        return {RELEASE: wanted} if wanted and wanted != (self.release or image_id) else {}
