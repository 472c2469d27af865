# SPDX-License-Identifier: GPL-3.0-or-later
"""What acts by itself: the control loop, the checkers of Route 53, the schedules."""
