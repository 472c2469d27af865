# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS on loopback: moto keeps what the API says, and real processes and a real load balancer make it true.

What is not there: TLS (an HTTPS listener speaks HTTP on its port, and authenticate actions count as passed),
permissions, and instance refreshes that replace root volumes. An instance listens on the ports that target groups use
when it is launched. DNS knows no wildcards and no routing policy but weights, and no health check of Route 53 looks at
anything. An operation that moto does not know is answered with `InvalidAction`.
"""
