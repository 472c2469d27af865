# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53: hosted zones and their records."""
