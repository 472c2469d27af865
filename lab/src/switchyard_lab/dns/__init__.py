# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's DNS: what a client in the VPC is answered, by the hosted zones of the lab."""
