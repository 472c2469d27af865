# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instances that are to answer: those given, those of a group, or those given that the group still has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..._args.checks.verify import InstanceOptions
from ..._core.checks.expectations import CandidateIdentity
from ..._core.targets.members import Member
from ..base.run import Run
from ..targets.members import read_members


class AnsweringInstances:
    """Auto Scaling replaces, launches and terminates instances also while the checks run.

    ``size``: how many there are, with those of the group that need not answer.
    """

    def __init__(self, asked: InstanceOptions | None, run: Run) -> None:
        self._asked, self._run = asked or InstanceOptions(), run
        members, given = self._members(), self._asked.expected
        self.expected = [each.id for each in members if each.in_service] if given is None else given
        self.size = max(len(self.expected), len(members))

    def as_now(self, identity: CandidateIdentity) -> CandidateIdentity:
        """Who has left the group meanwhile need not answer, and who is in it may."""
        if self._asked.group is None:
            return identity
        members = self._members()
        staying = {each.id for each in members if not each.leaves}
        left = [each for each in identity.instances if each not in staying]
        return replace(identity, left=left, joined=[each.id for each in members])

    def _members(self) -> Sequence[Member]:
        if self._asked.group is None or self._run.check_mode:
            return ()
        return read_members(self._run, self._asked.group).members
