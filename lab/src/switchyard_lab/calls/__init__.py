# SPDX-License-Identifier: GPL-3.0-or-later
"""An API call: what it asks for, and the errors that it can be answered with."""
