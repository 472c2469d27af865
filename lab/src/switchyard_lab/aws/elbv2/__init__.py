# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing: load balancers, listeners, rules, target groups and targets."""
