# SPDX-License-Identifier: GPL-3.0-or-later
"""The style check: words to avoid, and sentences that are too long, in every text that a person reads."""
