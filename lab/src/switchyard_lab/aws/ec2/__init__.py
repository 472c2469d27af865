# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: images, volumes, launch templates and what else a group launches with."""
