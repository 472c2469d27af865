# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS on loopback: moto keeps what the API says, and real processes and a real load balancer make it true.

What is not there: TLS (an HTTPS listener speaks HTTP on its port, and authenticate actions count as passed), permissions,
warm pools, scheduled actions and scaling policies that act, instance refreshes. A name that moto does not know either is
answered with `InvalidAction`.
"""
