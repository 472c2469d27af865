# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes that a lab consists of."""
