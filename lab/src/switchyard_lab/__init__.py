# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS on loopback: moto keeps what the API says, and real processes and a real load balancer make it true.

README.md lists what is not there.
"""
