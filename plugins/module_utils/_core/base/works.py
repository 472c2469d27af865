# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The works of runs, by name, as leases and records have them: those that decisions depend on."""

from __future__ import annotations

DEPLOY, ROLL, ROLLBACK, TEARDOWN, WATCH = "deploy", "roll", "rollback", "teardown", "watch"
