# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What says which service a module is about."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  service:
    description: The service's name, as in tag C(bluegreen:service) of its target groups and Auto Scaling groups.
    type: str
    required: true
  target_groups:
    description:
      - The two environments' target groups, by name or ARN, under the keys V(blue) and V(green), one or a list of them
        each.
      - Of several, the first of blue and the first of green are a pair, and so on. Each route leads to one pair.
    type: dict
    required: true
"""
