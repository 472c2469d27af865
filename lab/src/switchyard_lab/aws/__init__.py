# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto gets wrong or lacks on our path, fixed: one file or folder per AWS service.

A ``type: ignore`` stands where moto declares less than AWS returns, or where our class takes the place of its own.
"""
