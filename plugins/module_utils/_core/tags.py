# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags that are the memory of where a service stands."""

from __future__ import annotations

SERVICE = "bluegreen:service"
COLOR = "bluegreen:color"
STABLE = "bluegreen:stable"  # on both target groups: the color last declared good
RELEASE = "bluegreen:release"
RETAIN_UNTIL = "bluegreen:retain-until"  # on an old group: the deadline up to which it is kept warm
