# SPDX-License-Identifier: GPL-3.0-or-later
"""The load balancers of the lab: real proxies, with the semantics of AWS Application and Network Load Balancers."""
