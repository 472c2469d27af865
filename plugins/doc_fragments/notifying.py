# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a module notifies of what it has done."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  notify:
    description:
      - Where to send a notification of what the module has done. In a play, the default is what C(bluegreen_notify) of
        the host says.
      - A notification that cannot be sent within four seconds is a warning.
    type: list
    elements: dict
    default: []
    suboptions:
      sns:
        description: The ARN of an SNS topic. It may be in another region.
        type: str
      webhook:
        description: A URL that gets the notification as JSON, signed with O(notify[].secret).
        type: str
      secret:
        description: The key of the signature. Required with O(notify[].webhook).
        type: str
      chat:
        description: The URL of an incoming webhook of a chat, which takes JSON with a C(text).
        type: str
      events:
        description: Which events to send. The default is all of them.
        type: list
        elements: str
        default: []
        choices:
          - started
          - waiting
          - approved
          - refused
          - provisioned
          - verified
          - succeeded
          - paused
          - rolled_back
          - halted
          - frozen
          - unfrozen
"""
