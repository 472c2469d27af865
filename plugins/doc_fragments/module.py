# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is common to the modules of this collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and report what would be changed, without changing anything.
    support: full
  diff_mode:
    description: Shows what was changed, or would be changed in check mode.
    support: full
  action:
    description: Has an action plugin of the same name, that does the work inside the controller.
    support: full
notes:
  - On a connection of type V(local) the work is done inside the controller, without starting another Python, with the
    credentials and the botocore that the controller has. With any other connection, with C(async), or when
    C(bluegreen_in_process) is V(false), it is done by a module in a process of its own.
"""
