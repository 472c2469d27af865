# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch: metrics of what the data plane does, queries of them, and alarms."""
