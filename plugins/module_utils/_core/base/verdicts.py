# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bake, and each metric in it, can come to."""

PASS, FAIL, INCONCLUSIVE = "pass", "fail", "inconclusive"
