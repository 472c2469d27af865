# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge Scheduler: schedules that are checked as AWS checks them, and run."""
