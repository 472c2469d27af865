# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection costs, next to a script that does the same work by hand."""
