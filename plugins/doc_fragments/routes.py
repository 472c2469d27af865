# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What says which routes split the traffic of a service."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  routes:
    description:
      - All routes that split the service's traffic, each an ARN of a listener or a listener rule, or a dictionary for a
        DNS record, as in O(switchyard.bluegreen.route_weights#module:routes).
    type: list
    elements: raw
    required: true
"""
