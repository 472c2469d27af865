# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end states of a run, by name. docs/outcome.md says what each of them means."""

from __future__ import annotations

REFUSED, CHECKED, UNCHANGED, PROVISIONED, VERIFIED = "refused", "checked", "unchanged", "provisioned", "verified"
SUCCEEDED, PAUSED, ROLLED_BACK, HALTED = "succeeded", "paused", "rolled_back", "halted"
UNSUCCESSFUL = (ROLLED_BACK, HALTED)  # of a run that had begun
FAILING = (REFUSED, *UNSUCCESSFUL)  # what fails a job, where nobody says otherwise
