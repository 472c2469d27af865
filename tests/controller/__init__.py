# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in of AWX's API, for what the pattern gives a controller. It launches nothing."""
