# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling in the lab: moto keeps the groups, and the control loop makes them act."""
