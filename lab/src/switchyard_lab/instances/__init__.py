# SPDX-License-Identifier: GPL-3.0-or-later
"""The EC2 instances of the lab: one small real HTTP process each, forked from a zygote."""
