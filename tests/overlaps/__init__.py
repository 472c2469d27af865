# SPDX-License-Identifier: GPL-3.0-or-later
"""Two playbooks for one service that overlap: what they do to its users."""
