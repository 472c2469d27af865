# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's HTTP server: the API of AWS, and /_lab/* for whoever has started the lab."""
